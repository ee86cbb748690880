import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync, zipSync } from "fflate";
import { zipArchive } from "../../../../local/provider/archive";
import { ARCHIVE, ASSET, SIGNATURE, type Values } from "../../../../local/provider/values";

const text = (content: string) => ({ [SIGNATURE]: ASSET, text: content });
const file = (path: string) => ({ [SIGNATURE]: ASSET, path });
const assets = (entries: Values) => ({ [SIGNATURE]: ARCHIVE, assets: entries });

describe("zipArchive", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "nami-archive-"));
    mkdirSync(join(root, "folder", "deep"), { recursive: true });
    writeFileSync(join(root, "folder", "a.js"), "a");
    writeFileSync(join(root, "folder", "deep", "b.js"), "b");
    writeFileSync(join(root, "made.zip"), zipSync({ "c.js": new Uint8Array([99]) }));
  });
  after(() => rmSync(root, { recursive: true }));

  function entries(archive: Values): Record<string, string> {
    const files = unzipSync(Buffer.from(zipArchive(archive, root).zipBase64, "base64"));
    return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
  }

  it("holds texts, files under the program's root, folders and zips, under plain names", () => {
    const archive = assets({
      "index.js": text("i"),
      "./lib/a.js": file("folder/a.js"),
      tree: { [SIGNATURE]: ARCHIVE, path: "./folder" },
      zip: { [SIGNATURE]: ARCHIVE, path: "made.zip" },
    });
    assert.deepEqual(entries(archive), {
      "index.js": "i",
      "lib/a.js": "a",
      "tree/a.js": "a",
      "tree/deep/b.js": "b",
      "zip/c.js": "c",
    });
  });

  it("produces the same bytes whatever the order, the zone or the time", () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = "UTC";
      const one = zipArchive(assets({ "a.js": text("a"), "b.js": text("b") }), root);
      process.env.TZ = "Asia/Tokyo";
      const other = zipArchive(assets({ "b.js": text("b"), "a.js": text("a") }), root);
      assert.deepEqual(one, other);
      assert.notEqual(zipArchive(assets({ "a.js": text("x") }), root).sha256, one.sha256);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it("refuses entries outside of the archive and assets it cannot read", () => {
    assert.throws(() => zipArchive(assets({ "../x.js": text("x") }), root), /outside/);
    assert.throws(
      () => zipArchive(assets({ "x.js": { [SIGNATURE]: ASSET, uri: "https://x" } }), root),
      /remote/,
    );
    assert.throws(() => zipArchive(assets({ "x.js": file("missing.js") }), root), /missing\.js/);
  });
});
