import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..");

/** A test or a group of tests in a source, by its indentation, which Biome holds. */
interface Titled {
  kind: "describe" | "it";
  indent: number;
  /** Undefined when it is computed: it counts as one word then. */
  title?: string;
}

interface Test {
  /** With the titles of the groups around it; `${…}` is one word. */
  title: string;
  /** In a function that other groups call: what stands before its title is not known. */
  isShared: boolean;
}

const OPENING =
  /^( *)(?:(?:for|if) \(.*\) )?(describe|it)(?:\.\w+)?\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`)?/;
/** Where something at the top level begins: no group goes on behind it. */
const TOP_LEVEL = /^(?=(?:export |async )*(?:function|const|let|class|for|describe|it)\b)/m;
const STATEMENT = /^(?= *(?:(?:for|if) \(.*\) )?(?:describe|it)(?:\.\w+)?\()/m;

function titledIn(text: string): Titled[] {
  return text.split(STATEMENT).flatMap((statement) => {
    const found = OPENING.exec(statement);
    if (!found) return [];
    const [, indent, kind, ...titles] = found;
    const title = titles.find((each) => each !== undefined)?.replace(/\$\{[^}]*\}+/g, "…");
    return [{ kind: kind as Titled["kind"], indent: indent!.length, title }];
  });
}

function testsIn(text: string): Test[] {
  return text.split(TOP_LEVEL).flatMap((part) => {
    const around: Titled[] = [];
    return titledIn(part).flatMap((titled) => {
      while (around.length > 0 && around.at(-1)!.indent >= titled.indent) around.pop();
      if (titled.kind === "describe") {
        around.push(titled);
        return [];
      }
      const titles = [...around, titled].map(({ title }) => title ?? "…");
      const isShared = around.length === 0 && titled.indent > 0;
      return [{ title: titles.join(" "), isShared }];
    });
  });
}

const words = (title: string) => title.split(/\s+/).filter(Boolean).length;

describe("the titles of all tests", () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
  const all = files.flatMap(({ file, text }) => testsIn(text).map((test) => ({ file, ...test })));
  const told = (tests: typeof all) => tests.map(({ file, title }) => `${file}: ${title}`);

  it("are found in the sources with the groups around them", () => {
    const source = [
      'describe("a lamp", () => {',
      "  for (const how of [1])",
      "    it(`is lit $" + "{how} times`, () => {});",
      '  describe("at night", () => {',
      "    it(",
      '      "shines on",',
      "    );",
      "  });",
      '  it("is out", () => {});',
      "});",
      "function contract() {",
      "  it(what, () => {});",
      "}",
    ];
    assert.deepEqual(
      testsIn(source.join("\n")).map(({ title, isShared }) => [title, isShared]),
      [
        ["a lamp is lit … times", false],
        ["a lamp at night shines on", false],
        ["a lamp is out", false],
        ["…", true],
      ],
    );
    assert.ok(all.length > 1000);
  });

  it("have at least four words, so that a list of failures can be read", () => {
    assert.deepEqual(told(all.filter(({ title, isShared }) => words(title) < (isShared ? 2 : 4))), []);
  });

  it("differ from each other within a file", () => {
    const seen = new Set<string>();
    const again = told(all).filter((title) => seen.size === seen.add(title).size);
    assert.deepEqual(again, []);
  });

  it("come with no mark that leaves tests out", () => {
    const marked = files.filter(({ text }) =>
      /\b(describe|it|context|specify)\s*\.\s*(only|skip)\b|\bx(it|describe)\(/.test(text),
    );
    assert.deepEqual(
      marked.map(({ file }) => file),
      [],
    );
  });
});
