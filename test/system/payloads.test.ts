import assert from "node:assert/strict";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, rawOf, type StoredEvent, storedEvents } from "../support/nami";
import { githubPayloads, type Payload, shopifyPayloads } from "../support/payloads";
import { postAllUntilTaken } from "../support/post";

interface Status {
  events: { stored: number; duplicates: number; conflicts: number };
}

describe("539 real payloads, posted at once", function () {
  this.timeout(300_000);
  let home: DemoHome;
  const payloads = [...githubPayloads(), ...shopifyPayloads()];

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  /** Every one of `sent` is stored under `idOf`, with its bytes and its meaning. */
  function assertStored(
    events: StoredEvent[],
    sent: Payload[],
    match: (event: StoredEvent, payload: Payload) => boolean,
  ): void {
    for (const payload of sent) {
      const event = events.find(
        (candidate) => candidate.request.headers["webhook-id"] === payload.id && match(candidate, payload),
      );
      assert.ok(event, `${payload.id} is not stored`);
      assert.ok(rawOf(event).equals(payload.body), `${payload.id}: other bytes`);
      assert.deepEqual(event.body, JSON.parse(payload.body.toString()), `${payload.id}: other body`);
    }
  }

  it("each is answered 200 and stored once, unaltered; sent again it is a duplicate; with another body it is a conflict", async () => {
    const { url } = home;
    assert.equal(payloads.length, 539);
    let repeated = 0;
    const send = async (all: Payload[]) => {
      const sent = await postAllUntilTaken(url, all);
      repeated += sent.repeated;
      assert.deepEqual([...new Set(sent.answers.map(({ status }) => status))], [200]);
    };
    await send(payloads);
    const events = await eventually(
      () => storedEvents(home.dir, "demo"),
      (found) => found.length >= 539,
      120,
    );
    assert.equal(events.length, 539);
    assertStored(events, payloads, (event) => event._id === `demo:${event.request.headers["webhook-id"]}`);

    await send(payloads);
    const duplicates = async () => (await storedEvents(home.dir, "demo")).map((event) => event.duplicates);
    const counted = await eventually(duplicates, (all) => all.every((n) => n >= 1), 120);
    assert.equal(Math.min(...counted), 1);
    const sum = counted.reduce((total, n) => total + n, 0);
    assert.ok(
      sum <= 539 + repeated,
      `${sum} duplicates of 539 events, ${repeated} of them repeated after a 503`,
    );

    const others = payloads.map(({ id }, i) => ({ id, body: Buffer.from(JSON.stringify({ other: i })) }));
    await send(others);
    const all = await eventually(
      () => storedEvents(home.dir, "demo"),
      (found) => found.length >= 1078,
      120,
    );
    assert.equal(all.length, 1078);
    assert.equal(all.filter((event) => event.conflict).length, 539);
    assertStored(all, others, (event) => event.conflict === true);
    const status = await json<Status>(home.dir, ["status", "demo"]);
    assert.deepEqual(status.events, { ...status.events, stored: 1078, conflicts: 539 });
    assert.ok(status.events.duplicates >= 539 && status.events.duplicates <= 539 + repeated);
  });
});
