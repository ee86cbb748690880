import assert from "node:assert/strict";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, rawOf, type StoredEvent, storedEvents } from "../support/nami";
import { githubPayloads, type Payload, shopifyPayloads } from "../support/payloads";
import { postAll } from "../support/post";

interface Status {
  events: { stored: number; duplicates: number; conflicts: number };
}

describe("539 real payloads, posted at once", function () {
  this.timeout(300_000);
  let home: DemoHome;
  let url: string;
  const payloads = [...githubPayloads(), ...shopifyPayloads()];

  before(async () => {
    home = await demoHome();
    url = home.url;
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

  it("answers 200 to each and stores each once, unaltered", async () => {
    assert.equal(payloads.length, 539);
    const answers = await postAll(url, payloads);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const events = await eventually(
      () => storedEvents(home.dir, "demo"),
      (all) => all.length >= 539,
      60,
    );
    assert.equal(events.length, 539);
    assertStored(events, payloads, (event) => event._id === `demo:${event.request.headers["webhook-id"]}`);
  });

  it("counts the same events again as duplicates", async () => {
    const answers = await postAll(url, payloads);
    assert.ok(answers.every(({ status }) => status === 200));
    const duplicates = async () => (await storedEvents(home.dir, "demo")).map((event) => event.duplicates);
    const counted = await eventually(duplicates, (all) => all.every((n) => n === 1), 60);
    assert.deepEqual(counted, Array(539).fill(1));
  });

  it("stores the same ids with other bodies beside them, as conflicts", async () => {
    const others = payloads.map(({ id }, i) => ({ id, body: Buffer.from(JSON.stringify({ other: i })) }));
    const answers = await postAll(url, others);
    assert.ok(answers.every(({ status }) => status === 200));
    const events = await eventually(
      () => storedEvents(home.dir, "demo"),
      (all) => all.length >= 1078,
      60,
    );
    assert.equal(events.length, 1078);
    assert.equal(events.filter((event) => event.conflict).length, 539);
    assertStored(events, others, (event) => event.conflict === true);
    const status = await json<Status>(home.dir, ["status", "demo"]);
    assert.deepEqual(status.events, { ...status.events, stored: 1078, duplicates: 539, conflicts: 539 });
  });
});
