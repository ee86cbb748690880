import assert from "node:assert/strict";
import { createGzip, gzipSync } from "node:zlib";
import { decodeBody } from "../../../runtime/decode";

describe("a compression bomb of 1 GB", function () {
  this.timeout(120_000);

  /** 1 GB of zeros as gzip, made in pieces. */
  async function gigabyte(): Promise<Buffer> {
    const gzip = createGzip({ level: 1 });
    const chunks: Buffer[] = [];
    gzip.on("data", (chunk) => chunks.push(chunk));
    const zeros = Buffer.alloc(16 * 1024 * 1024);
    for (let i = 0; i < 64; i++)
      if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once("drain", resolve));
    await new Promise((resolve) => gzip.end(resolve));
    return Buffer.concat(chunks);
  }

  it("once and twice compressed costs no more time and memory than 16 MB do", async () => {
    const once = await gigabyte();
    const twice = gzipSync(once, { level: 9 });
    assert.ok(twice.length < 200_000);
    const bombs: [string, Buffer][] = [
      ["gzip", once],
      ["gzip, gzip", twice],
    ];
    for (const [encoding, bomb] of bombs) {
      const [start, before] = [performance.now(), process.memoryUsage().rss];
      const result = decodeBody(encoding, bomb);
      assert.ok(!result.ok);
      assert.equal(result.reason, "decoded, it has more than 16 MiB");
      assert.ok(performance.now() - start < 3000);
      assert.ok(process.memoryUsage().rss - before < 150e6);
    }
  });
});
