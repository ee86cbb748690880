import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { readStack, stackNames } from "../../../../../cli/deployments/store/checkpoints";
import { FileStore } from "../../../../../cli/deployments/store/file-store";

const checkpoint = (url: string) =>
  JSON.stringify({
    version: 3,
    checkpoint: { latest: { resources: [{ urn: "u", type: "pulumi:pulumi:Stack", outputs: { url } }] } },
  });

describe("the stacks in a state", () => {
  let dir: string;
  let store: FileStore;
  const put = (file: string, body: string | Buffer) =>
    writeFileSync(join(dir, ".pulumi", "stacks", "nami", file), body);

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-checkpoints-"));
    mkdirSync(join(dir, ".pulumi", "stacks", "nami"), { recursive: true });
    store = new FileStore(dir, `file://${dir}`);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("are named by their files, plain or packed, and not by backups and tags", async () => {
    put("ant.json", checkpoint("a"));
    put("ant.json.bak", "x");
    put("bee.json.gz", gzipSync(checkpoint("b")));
    put("bee.json.gz.bak", "x");
    put("cat.json.zst", zstdCompressSync(checkpoint("c")));
    put("dog.pulumi-tags", "{}");
    assert.deepEqual(await stackNames(store, "nami"), ["ant", "bee", "cat"]);
    assert.deepEqual(await stackNames(store, "nami-data"), []);
    const urls = await Promise.all(
      ["ant", "bee", "cat"].map(async (name) => (await readStack(store, "nami", name))?.outputs.url),
    );
    assert.deepEqual(urls, ["a", "b", "c"]);
  });

  it("of one that lies there plain and packed, the newer counts", async () => {
    put("ant.json", checkpoint("old"));
    put("ant.json.gz", gzipSync(checkpoint("new")));
    utimesSync(join(dir, ".pulumi", "stacks", "nami", "ant.json"), 1000, 1000);
    assert.equal((await readStack(store, "nami", "ant"))?.outputs.url, "new");
    assert.deepEqual(await stackNames(store, "nami"), ["ant"]);
  });

  it("that are not there are none", async () => {
    assert.equal(await readStack(store, "nami", "ant"), undefined);
    put("ant-farm.json", checkpoint("x"));
    assert.equal(await readStack(store, "nami", "ant"), undefined);
  });
});
