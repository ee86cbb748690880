import assert from "node:assert/strict";
import { type ChildProcess, execFile } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { makeHome, type TestHome } from "../support/home";
import { eventually, json, nami, ok, root, type StoredEvent, storedEvents } from "../support/nami";
import { post } from "../support/post";

/** What a person reads and copies: the blocks of the README that are marked as tried. */
function readme(what: string): string {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const block = text.split(`<!-- tried: ${what} -->\n`)[1]?.match(/^```\w+\n([\s\S]*?)```/)?.[1];
  assert.ok(block, `the README has no block ${what}`);
  return block;
}

interface Line {
  function: string;
  level?: string;
  message: string;
  fields?: Record<string, unknown>;
}

describe("user code", function () {
  this.timeout(300_000);
  let home: TestHome;
  let cwd: string;
  let url: string;
  /** What `up` said. */
  let deployed: string;
  let dev: ChildProcess | undefined;

  /** Created, edited and deployed as the README says, to a name of its own. */
  before(async () => {
    home = await makeHome();
    cwd = realpathSync(mkdtempSync(join(tmpdir(), "nami-user-")));
    url = `http://${home.gateway}/orders`;
    await shell(readme("create"));
    writeFileSync(file(), readme("orders/post-queue/index.ts"));
    deployed = (await shell(readme("up"))).stdout;
  });
  after(async () => {
    dev?.kill("SIGKILL");
    await home?.close();
    if (cwd) rmSync(cwd, { recursive: true, force: true });
  });

  /** As a person in the folder, with this checkout's nami. */
  const shell = (script: string) => {
    const env = {
      ...process.env,
      ...{ NAMI_HOME: home.dir, NO_COLOR: "1", PATH: `${join(root, "bin")}:${process.env.PATH}` },
    };
    return promisify(execFile)(
      "bash",
      ["-euc", script.replaceAll("http://127.0.0.1:6264", `http://${home.gateway}`)],
      { cwd, env },
    );
  };
  const send = (id: string, order: object) =>
    post(url, JSON.stringify(order), { "content-type": "application/json", "webhook-id": id });
  const event = async (id: string) => {
    const all = await eventually(
      () => storedEvents(home.dir, "orders"),
      (stored) => stored.some(({ _id }) => _id === `orders:${id}`),
      60,
    );
    return all.find(({ _id }) => _id === `orders:${id}`) as
      | (StoredEvent & Record<string, unknown>)
      | undefined;
  };
  const logs = async (...flags: string[]) => {
    const { out } = await ok(home.dir, ["logs", "orders", "--json", ...flags]);
    return out
      .split("\n")
      .filter(Boolean)
      .map((text) => JSON.parse(text) as Line);
  };
  const file = () => join(cwd, "orders", "post-queue", "index.ts");

  it("is created, edited, deployed and posted to as the README says", async () => {
    assert.match(deployed, /orders is up: \d+ created/);
    assert.match(deployed, /"ok":true/);
    await send("ada", { customer: "ada", total: 12 });
    assert.equal((await event("ada"))?.customer, "ada");
    const told = (await logs("--function", "post-queue")).filter(({ message }) => message === "an order");
    assert.deepEqual(told.at(-1)!.fields, { id: "orders:ada", total: 12 });
  });

  it("that throws is logged with file and line of the user's source", async () => {
    await send("below", { customer: "bob", total: -1 });
    const lines = await eventually(
      () => logs("--function", "post-queue"),
      (all) => all.some(({ level }) => level === "error"),
      60,
    );
    const { message, fields = {} } = lines.find(({ level }) => level === "error")!;
    assert.deepEqual(
      [message, fields.code, fields.error],
      ["event not stored", "NOT_STORED", "a total below zero"],
    );
    const text = readFileSync(file(), "utf8").split("\n");
    const at = text.findIndex((each) => each.includes("a total below zero")) + 1;
    assert.match(
      String(fields.stack),
      new RegExp(`^RangeError: a total below zero\\n.*index\\.ts:${at}:\\d+\\)?$`),
    );
    const { out } = await ok(home.dir, ["logs", "orders", "--limit", "1000"]);
    assert.match(
      out,
      new RegExp(`post-queue error event not stored .*\\n {4}RangeError.*\\n.*index\\.ts:${at}:`),
    );
  });

  it("is put live by dev when it is saved, a broken file is not, and the next up deploys the files again", async () => {
    let said = "";
    const running = nami(home.dir, ["dev", "orders"], {
      onStart: (child) => {
        dev = child;
        child.stderr!.on("data", (text) => {
          said += text;
        });
      },
    });
    const hears = (pattern: RegExp) =>
      eventually(
        async () => said,
        (all) => pattern.test(all),
        60,
      );
    assert.match(await hears(/post-queue is live, as it is saved/), /pre-queue is live/);
    const source = readFileSync(file(), "utf8");
    writeFileSync(file(), source.replace("customer: order.customer", 'customer: "by dev"'));
    assert.match(await hears(/post-queue is live \(/), /post-queue is live \(\d+ ms\)/);
    await send("dev", { customer: "ada", total: 1 });
    assert.equal((await event("dev"))?.customer, "by dev");
    writeFileSync(file(), "export default (");
    assert.match(await hears(/HANDLER_INVALID/), /index\.ts:1:17/);
    await send("still", { customer: "ada", total: 1 });
    assert.equal((await event("still"))?.customer, "by dev");
    const beside = await nami(home.dir, ["up", "orders"]);
    assert.match(beside.err, /error\[LOCKED\]: .*`nami dev orders`/);
    writeFileSync(file(), source);
    // Nothing is forgotten of a dev that has no time to say farewell.
    dev!.kill("SIGKILL");
    const { out } = await running;
    assert.match(out, /post-queue info {2}an order/);

    // Now the files are as they were, but what runs is not.
    assert.match((await ok(home.dir, ["status", "orders"])).out, /nami dev/);
    const [listed] = await json<{ state: string }[]>(home.dir, ["ls"]);
    assert.equal(listed!.state, "changed by dev");
    const foreseen = await json<{ changes: object }>(home.dir, ["preview", "orders"]);
    assert.deepEqual(foreseen.changes, { update: 2 });
    const done = await json<{ changes: object }>(home.dir, ["up", "orders"]);
    assert.deepEqual(done.changes, { update: 2 });
    await send("anew", { customer: "eve", total: 1 });
    assert.equal((await event("anew"))?.customer, "eve");
    assert.match((await ok(home.dir, ["up", "orders"])).out, /no changes/);
  });

  it("is followed in the logs until Ctrl+C, which ends them well", async () => {
    let out = "";
    const { code, err } = await nami(
      home.dir,
      ["logs", "orders", "-f", "--function", "post-queue", "--since", "0s"],
      {
        onStart: (child) => {
          child.stdout!.on("data", (text) => {
            out += text;
          });
          void (async () => {
            // Sent again and again: nobody says when `nami logs` has begun to look.
            let sent = 0;
            await eventually(
              async () => {
                await send(`followed-${sent++}`, { customer: "eve", total: 77 });
                await sleep(1_000);
                return out;
              },
              (all) => all.includes("total=77"),
              60,
            );
            child.kill("SIGINT");
          })();
        },
      },
    );
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /an order {2}id=orders:followed-\d+ total=77/);
  });
});
