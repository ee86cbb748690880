import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStore } from "../../../cli/deployments/store/file-store";
import { S3Store } from "../../../cli/deployments/store/s3-store";
import type { Store } from "../../../cli/deployments/store/store";
import { type Moto, startMoto } from "../../support/moto";

/** Keys that S3 lists at once; the real one lists 1000. */
const PAGE = 10;

/** What every store of a state keeps. */
function contract(make: () => Store): void {
  let store: Store;
  beforeEach(() => {
    store = make();
  });
  const text = async (key: string) => (await store.read(key))?.body.toString();

  it("has nothing under a key that was never written", async () => {
    assert.equal(await store.read("a/b.json"), undefined);
    assert.deepEqual(await store.list("a/"), []);
    await store.remove("a/b.json");
  });

  it("lists what lies under a prefix, sorted, with its time, and nothing beside it", async () => {
    for (const key of ["a/2.json", "a/1.json", "a/c/3.json", "ab/4.json"]) await store.write(key, key);
    const listed = await store.list("a/");
    assert.deepEqual(
      listed.map(({ key }) => key),
      ["a/1.json", "a/2.json", "a/c/3.json"],
    );
    assert.ok(listed.every(({ modifiedAt }) => Math.abs(modifiedAt.getTime() - Date.now()) < 60_000));
  });

  it("gives back the bytes of the last write", async () => {
    await store.write("k", "one");
    await store.write("k", "zwölf");
    assert.equal(await text("k"), "zwölf");
    await store.remove("k");
    assert.equal(await text("k"), undefined);
  });

  it("creates an object that is not there, once of many at once", async () => {
    const tags = await Promise.all(Array.from({ length: 8 }, (_, i) => store.create("once", `${i}`)));
    assert.equal(tags.filter((tag) => tag !== undefined).length, 1);
    assert.equal(await text("once"), String(tags.findIndex((tag) => tag !== undefined)));
  });

  it("replaces an object that nobody has changed since, once of many at once", async () => {
    const tag = (await store.create("turn", "first"))!;
    assert.equal((await store.read("turn"))?.tag, tag);
    const tags = await Promise.all(Array.from({ length: 8 }, (_, i) => store.replace("turn", `${i}`, tag)));
    assert.equal(tags.filter((each) => each !== undefined).length, 1);
    const [winner] = tags.filter((each) => each !== undefined);
    assert.equal((await store.read("turn"))?.tag, winner);
    assert.equal(await store.replace("turn", "late", tag), undefined);
    assert.equal(await store.replace("never", "x", tag), undefined);
    assert.equal(await text("never"), undefined);
  });

  it("removes only what still has the tag", async () => {
    const tag = (await store.create("mine", "1"))!;
    await store.write("mine", "2");
    await store.remove("mine", tag);
    assert.equal(await text("mine"), "2");
    await store.remove("mine", (await store.read("mine"))!.tag);
    assert.equal(await text("mine"), undefined);
    await store.remove("mine", tag);
  });

  it("tells how old an object is by a clock of its own", async () => {
    await store.write("old", "1");
    const age = (await store.read("old"))!.age();
    assert.ok(age >= -1000 && age < 30_000, `${age} ms`);
  });
}

describe("the store of a state in a folder", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-store-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  contract(() => new FileStore(join(dir, "state"), `file://${dir}/state`));
});

describe("the store of a state in S3", function () {
  this.timeout(60_000);
  let moto: Moto;
  let url: string;
  let count = 0;
  const before0 = { ...process.env };

  before(async () => {
    moto = await startMoto({ pageKeys: PAGE });
    Object.assign(process.env, moto.env);
  });
  beforeEach(async () => {
    url = await moto.bucket(`bucket-${count++}`, count % 2 === 0 ? "" : "a/prefix");
  });
  after(async () => {
    process.env = before0;
    await moto?.close();
  });

  contract(() => new S3Store(url, {}));

  it("lists more than one page", async () => {
    const store = new S3Store(url, {});
    const keys = Array.from({ length: 2 * PAGE + 3 }, (_, i) => `many/${String(i).padStart(4, "0")}`);
    await Promise.all(keys.map((key) => store.write(key, "")));
    assert.deepEqual(
      (await store.list("many/")).map(({ key }) => key),
      keys,
    );
  });

  const wrong: [string, (state: string) => string, RegExp][] = [
    ["a bucket that is not there", (state) => state.replace("://bucket", "://nobody"), /NoSuchBucket/],
    [
      "an endpoint that does not answer",
      (state) => state.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1"),
      /ECONNREFUSED/,
    ],
  ];
  for (const [what, change, reason] of wrong) {
    it(`reports ${what} as STATE_UNREACHABLE for every call, with the reason and a command`, async () => {
      const store = new S3Store(change(url), {});
      const questions = [
        () => store.list("a/"),
        () => store.read("a"),
        () => store.write("a", ""),
        () => store.create("a", ""),
      ];
      for (const ask of questions) {
        await assert.rejects(
          ask,
          ({ code, message, hint }: { code: string; message: string; hint: string }) => {
            assert.equal(code, "STATE_UNREACHABLE");
            assert.match(message, reason);
            return /^aws s3 ls s3:\/\//.test(hint);
          },
        );
      }
    });
  }
});
