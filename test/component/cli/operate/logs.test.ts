import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { unread } from "../../../../cli/io";
import { main } from "../../../../cli/main";
import { followLogs, type LogEvent, type LogPlace, mergedLogs, readLogs } from "../../../../cli/operate/logs";
import { capturedIo } from "../../../support/captured-io";
import { type TestHost, testHost } from "../../../support/host";

async function messages(events: AsyncIterable<LogEvent>): Promise<string[]> {
  const found: string[] = [];
  for await (const { message } of events) found.push(message);
  return found;
}

describe("the logs of a name", function () {
  this.timeout(30_000);
  let local: TestHost;
  let io: ReturnType<typeof capturedIo>;
  let place: LogPlace;
  const write = (group: string, text: string) => local.host.services.logs.write(group, "stream", text);

  before(async () => {
    local = await testHost();
  });
  beforeEach(() => {
    io = capturedIo();
    place = { home: local.home, target: "local", region: "us-east-1", name: "demo", io };
  });
  after(() => local?.remove());

  it("are read to their end, over pages, with an id each that stays", async () => {
    const group = "/aws/lambda/pages";
    for (let n = 0; n < 10_500; n++) write(group, `line ${n % 10_400}`);
    const read = async () => {
      const ids: string[] = [];
      for await (const { id } of readLogs(place, { group, since: 0 })) ids.push(id);
      return ids;
    };
    const [ids, again] = [await read(), await read()];
    assert.equal(new Set(ids).size, 10_500);
    assert.deepEqual(again, ids);
  });

  it("are limited to those from a moment on, and to those that match a pattern", async () => {
    const group = "/aws/lambda/some";
    write(group, "an old one");
    await new Promise((next) => setTimeout(next, 20));
    const since = Date.now();
    write(group, 'a new one {"code":"NOT_VERIFIED"}');
    write(group, "another new one");
    assert.equal((await messages(readLogs(place, { group, since }))).length, 2);
    assert.deepEqual(await messages(readLogs(place, { group, since: 0, pattern: '"NOT_VERIFIED"' })), [
      'a new one {"code":"NOT_VERIFIED"}',
    ]);
    assert.deepEqual(await messages(readLogs(place, { group, since: 0, until: since - 1 })), ["an old one"]);
  });

  it("are reported as a missing part when their group is gone", async () => {
    await assert.rejects(messages(readLogs(place, { group: "/gone", since: 0 })), {
      code: "PARTS_MISSING",
      hint: "nami up demo --refresh",
    });
  });

  it("of several groups come in order of time, each asked for no sooner than it is needed", async () => {
    let asked = 0;
    async function* group(name: string, times: number[]): AsyncGenerator<LogEvent> {
      for (const time of times) {
        asked++;
        yield { id: name, group: name, stream: "", time, message: `${name}${time}` };
      }
    }
    const events = mergedLogs([group("a", [1, 4, 5]), group("b", []), group("c", [2, 3, 9])]);
    assert.equal((await events.next()).value.message, "a1");
    assert.equal(asked, 2);
    assert.deepEqual(await messages(events), ["c2", "c3", "a4", "a5", "c9"]);
  });

  it("are followed until Ctrl+C, each event told once", async () => {
    const groups = ["/aws/lambda/one", "/aws/lambda/two"];
    for (const group of groups) write(group, `begin of ${group}`);
    const found: string[] = [];
    const reading = (async () => {
      for await (const { message } of followLogs(place, { groups, since: 0, pause: 20 })) found.push(message);
    })();
    const until = async (count: number) => {
      for (let i = 0; i < 100 && found.length < count; i++) await new Promise((next) => setTimeout(next, 20));
    };
    await until(2);
    write(groups[1]!, "later");
    write(groups[1]!, "later");
    await until(4);
    await new Promise((next) => setTimeout(next, 200));
    assert.deepEqual(found.slice(2), ["later", "later"]);
    io.cancel();
    await reading;
  });
});

describe("nami logs", () => {
  const logs = async (...words: string[]) => {
    const io = capturedIo({ env: { NAMI_HOME: "/nonexistent/nami" } });
    return { code: await main(["logs", "demo", ...words], io), said: io.said() };
  };

  for (const [words, problem] of [
    [["--since", "yesterday"], /--since is like 90s, 10m, 12h or 4d, not "yesterday"/],
    [["--limit", "0"], /--limit is a whole number from 1 on/],
    [["--function", "other"], /pre-queue/],
  ] as [string[], RegExp][]) {
    it(`refuses ${words.join(" ")}`, async () => {
      const { code, said } = await logs(...words);
      assert.equal(code, 2);
      assert.match(said, problem);
    });
  }

  it("ends when whoever reads it has gone", () => {
    const out = Object.assign(new EventEmitter(), { write: () => true });
    const signal = unread({ out });
    assert.equal(signal.aborted, false);
    out.emit("error", new Error("EPIPE"));
    assert.equal(signal.aborted, true);
    assert.equal(unread(capturedIo()).aborted, false);
  });
});
