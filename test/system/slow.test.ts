import assert from "node:assert/strict";
import { controlRequest } from "../../local/host/client";
import type { ResourceRecord } from "../../local/protocol";
import { freePort, makeHome, type TestHome } from "../support/home";
import { eventually, json, ok, storedEvents } from "../support/nami";
import { post } from "../support/post";

interface Done {
  url: string;
  changes: Record<string, number>;
}

/** With these a name has networks and machines that go in their own time. */
const wide = ["--vpc", "new", "--egress", "nat", "--alarm-email", "ops@example.com", "--snapshots", "3"];

/** As AWS: what was asked for answers at once and works seconds later. The host that the first `up` starts inherits it. */
const slow = { NAMI_REHEARSAL: JSON.stringify({ slowSeconds: 2 }) };

describe("the life of a name where everything takes its time", function () {
  this.timeout(900_000);
  let home: TestHome;
  let url: string;

  before(async () => {
    home = await makeHome();
  });
  after(() => home?.close());

  const up = (...flags: string[]) => json<Done>(home.dir, ["up", "demo", "--yes", ...flags], { env: slow });
  const down = (...flags: string[]) =>
    json<{ data: string }>(home.dir, ["down", "demo", "--yes", ...flags], { env: slow });

  async function stores(id: string): Promise<void> {
    assert.equal((await post(url, "x", { "webhook-id": id })).status, 200);
    const all = await eventually(
      () => storedEvents(home.dir, "demo"),
      (events) => events.some(({ _id }) => _id === `demo:${id}`),
      60,
    );
    assert.ok(all.some(({ _id }) => _id === `demo:${id}`));
  }

  it("comes up, changes, changes its machine, goes down and comes back, with every event it has stored", async () => {
    url = (await up(...wide)).url;
    await stores("first");

    assert.deepEqual((await up()).changes, {});

    const { changes } = await up("--pre-queue-memory", "512", "--batch-size", "5", "--retention", "2d");
    assert.deepEqual(Object.keys(changes), ["update"]);
    await stores("changed");

    // The volume goes over to the new machine with all that is on it.
    const moved = await up("--mongo-port", String(await freePort()));
    assert.ok(moved.changes.replace! >= 1, JSON.stringify(moved.changes));
    await stores("replaced");
    assert.equal((await storedEvents(home.dir, "demo")).length, 3);

    assert.equal((await down()).data, "kept");
    url = (await up()).url;
    assert.equal((await storedEvents(home.dir, "demo")).length, 3);
    await stores("again");

    // A purge leaves nothing of it.
    const types = ["aws:sqs/queue:Queue", "aws:lambda/function:Function", "aws:ec2/instance:Instance"];
    const count = async () => {
      const lists = types.map((type) =>
        controlRequest<ResourceRecord[]>(home.dir, "/resources/list", { type }),
      );
      return (await Promise.all(lists)).flat().length;
    };
    assert.ok((await count()) > 0);
    assert.equal((await down("--purge")).data, "deleted");
    await ok(home.dir, ["host", "start"]);
    assert.equal(await count(), 0);
  });
});
