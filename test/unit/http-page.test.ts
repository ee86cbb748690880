import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replies } from "../../local/host/gateway/reply";

const root = join(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const page = read("docs/http.md");

/** Rows of the table under a heading, cells without back quotes. */
function rows(heading: string): string[][] {
  const section = page.split(`## ${heading}\n`)[1]!.split("\n## ")[0]!;
  const lines = section.split("\n").filter((line) => /^\| \d/.test(line));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

function sources(folder: string): string {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => read(join(folder, file)))
    .join("\n");
}

describe("docs/http.md", () => {
  const byFunction = rows("By the function");
  const byGateway = rows("By the gateway");

  it("has every status and code that the function answers, and no other", () => {
    const text = [read("runtime/intake.ts"), read("runtime/enqueue.ts"), sources("runtime/verify")].join(
      "\n",
    );
    const coded = [...text.matchAll(/answer\(\s*(\d{3}),\s*\{ ok: false, code: "([A-Z_]+)"/g)];
    assert.ok(coded.length >= 5, "the pattern no longer finds what is answered");
    const told = byFunction.filter(([, body]) => /^[A-Z_]+$/.test(body!));
    assert.deepEqual(
      [...new Set(coded.map(([, status, code]) => `${status} ${code}`))].sort(),
      told.map(([status, code]) => `${status} ${code}`).sort(),
    );
    const statuses = [...text.matchAll(/answer\(\s*(\d{3})\b/g)].map(([, status]) => status!);
    assert.deepEqual(
      [...new Set(statuses)].sort(),
      [...new Set(byFunction.map(([status]) => status))].sort(),
    );
  });

  it("has the headers of those that say when to come again, and what is allowed", () => {
    const text = read("runtime/intake.ts") + read("runtime/enqueue.ts");
    for (const [, seconds] of text.matchAll(/"retry-after": "(\d+)"/g)) assert.equal(seconds, "5");
    for (const [status, , , headers] of byFunction)
      if (status === "503") assert.equal(headers, "Retry-After: 5");
    const allowing = byFunction.filter(([status, , when]) => status === "405" || when === "OPTIONS");
    assert.deepEqual(
      allowing.map(([status, , , headers]) => [status, headers]),
      [
        ["204", "Allow"],
        ["405", "Allow"],
      ],
    );
  });

  it("has every status and message that the local gateway answers of its own, and no other", () => {
    const made = Object.values(replies).map((make) => {
      const { status, body } = make();
      return `${status} ${JSON.parse(body.toString()).message}`;
    });
    const text = sources("local/host/gateway");
    const more = [...text.matchAll(/messageReply\((\d{3}), "([^"]+)"/g)].map(([, s, m]) => `${s} ${m}`);
    const broken = [...text.matchAll(/\["(\d{3}) [^"]+", "([^"]+)"\]/g)].map(([, s, m]) => `${s} ${m}`);
    assert.equal(broken.length, 3, "the pattern no longer finds what breaks off is answered");
    assert.deepEqual(
      [...new Set([...made, ...more, ...broken])].sort(),
      byGateway.map(([status, message]) => `${status} ${message}`).sort(),
    );
  });

  it("links to pages and headings that there are", () => {
    for (const [, target] of page.matchAll(/\]\((?!https?:)([^)]+)\)/g))
      assert.ok(read(join("docs", target!.split("#")[0]!)).length > 0);
  });
});
