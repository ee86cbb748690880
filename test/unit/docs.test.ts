import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "../../cli/commands/docs";
import { catalogues } from "../../cli/display/errors-page";
import { cliErrors } from "../../cli/errors";
import { infraErrors } from "../../infra/errors";
import type { ErrorEntry } from "../../runtime/coded-error";
import { ADVICE } from "../support/hints";

const root = join(__dirname, "..", "..");

function sources(): string[] {
  return ["cli", "infra", "local", "runtime"].flatMap((dir) =>
    readdirSync(join(root, dir), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && file !== "errors.ts")
      .map((file) => readFileSync(join(root, dir, file), "utf8")),
  );
}

describe("a generated page", () => {
  for (const [path, page] of Object.entries(pages)) {
    it(`at ${path} says what the sources say (else: npm run docs)`, () => {
      assert.equal(readFileSync(join(root, path), "utf8"), page());
    });
  }
});

describe("error catalogues", () => {
  const text = sources().join("\n");
  const codes = Object.values(catalogues).flatMap((catalogue) => Object.keys(catalogue));

  it("have every code once", () => {
    assert.deepEqual([...codes].sort(), [...new Set(codes)].sort());
  });

  it("have every code that is thrown", () => {
    const thrown = [...text.matchAll(/\b(?:cli|infra|local)Error\(\s*"([A-Z_]+)"/g)].map(
      (match) => match[1]!,
    );
    assert.ok(thrown.length > 10, "the pattern no longer finds what is thrown");
    assert.deepEqual(
      [...new Set(thrown)].filter((code) => !codes.includes(code)),
      [],
    );
  });

  it("have no code that nobody throws", () => {
    assert.deepEqual(
      codes.filter((code) => !text.includes(`"${code}"`)),
      [],
    );
  });

  it("have a message and a hint each", () => {
    for (const catalogue of Object.values(catalogues)) {
      for (const [code, { message, hint }] of Object.entries(catalogue)) {
        assert.ok(hint.length > 3, `${code} has no hint`);
        assert.ok(message.length > 3, `${code} has no message`);
      }
    }
  });

  /** What a hint begins with that can be run; `{…}` is a command that depends on what happened. */
  const COMMAND = /^(nami|aws|curl|date|export|unset|\{(hint|command|mend|check|pair)\})( |$)/;
  it("have hints that are commands to run, with few exceptions, none of secrets or of user code", () => {
    const entries = Object.entries<ErrorEntry>({ ...cliErrors, ...infraErrors });
    const others = entries.filter(([, { hint }]) => !COMMAND.test(hint)).map(([code]) => code);
    assert.deepEqual(others.sort(), [...ADVICE].sort());
    for (const [code, { hint }] of entries)
      if (!ADVICE.includes(code)) assert.doesNotMatch(hint, /, then /, `${code}: commands are joined by &&`);
  });

  it("take only placeholders that are given where the code is thrown", () => {
    for (const [code, entry] of Object.values(catalogues).flatMap((catalogue) => Object.entries(catalogue))) {
      const wanted = [...`${entry.message} ${entry.hint}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      const calls = [...text.matchAll(new RegExp(`Error\\(\\s*"${code}"\\s*\\)`, "g"))];
      if (wanted.length > 0) assert.deepEqual(calls.map(String), [], `${code} needs ${wanted.join(", ")}`);
    }
  });
});

describe("docs/decisions.md", () => {
  it("gives a reason for every run-time dependency, and for no other", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const text = readFileSync(join(root, "docs", "decisions.md"), "utf8");
    const part = /## Run-time dependencies\n([\s\S]*?)\n## /.exec(text)?.[1] ?? "";
    const rows = part.split("\n").filter((row) => row.startsWith("| ") && !/^\| (package|---)/.test(row));
    const named = rows.flatMap((row) =>
      row
        .split("|")[1]!
        .split(",")
        .map((name) => name.trim()),
    );
    assert.deepEqual(named.sort(), Object.keys(dependencies).sort());
  });
});
