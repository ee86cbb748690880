import assert from "node:assert/strict";
import type { Command } from "../../../cli/command";
import { parse, verbOf } from "../../../cli/command-line/parse";
import { reportError } from "../../../cli/command-line/report-error";
import { commands, findEntry } from "../../../cli/commands";
import { main } from "../../../cli/main";
import { CodedError } from "../../../runtime/coded-error";
import { capturedIo } from "../../support/captured-io";

async function nami(...argv: string[]) {
  const io = capturedIo({ env: { NAMI_HOME: "/nonexistent/nami", PATH: "" } });
  const code = await main(argv, io);
  return { code, said: io.said(), results: io.results() };
}

describe("the command line", () => {
  it("names every command but the hidden ones, without a word and with help", async () => {
    for (const argv of [[], ["help"], ["--help"], ["-h"]]) {
      const { code, results } = await nami(...argv);
      assert.equal(code, 0);
      for (const { usage, summary, hidden } of commands) {
        assert.equal(results.includes(`  ${usage} `) && results.includes(summary), !hidden, usage);
      }
    }
  });

  it("shows the same page for help of a command and for --help, with options and examples", async () => {
    const [page, flag] = [await nami("help", "up"), await nami("up", "--help")];
    assert.equal(page.results, flag.results);
    for (const text of [
      "nami up <name>",
      "also: deploy",
      "--batch-size",
      "NAMI_BATCH_SIZE",
      "--refresh",
      "--json",
    ]) {
      assert.ok(page.results.includes(text), text);
    }
  });

  it("takes an alias for its command", () => {
    for (const [alias, name] of Object.entries({ deploy: "up", destroy: "down", list: "ls" })) {
      assert.equal(findEntry(alias)?.name, name);
    }
  });

  it("loads for every entry of its table the command that is described there", async () => {
    for (const { name, aliases, usage, summary, load } of commands) {
      const { command } = await load();
      assert.deepEqual(
        [command.name, command.aliases, command.usage, command.summary],
        [name, aliases, usage, summary],
      );
      for (const example of command.examples) assert.match(example, /\bnami /);
    }
  });

  const usageErrors: [string[], RegExp][] = [
    [["upp", "orders"], /Unknown command "upp"\. Did you mean "up"\?/],
    [["xyzzy"], /Unknown command "xyzzy"\.$/m],
    [["up"], /Something is missing: nami up <name>/],
    [["up", "orders", "extra"], /One word too many: "extra"/],
    [["up", "orders", "--batch-sise", "4"], /Unknown option --batch-sise\. Did you mean --batch-size\?/],
    [["ls", "--batch-size", "4"], /Unknown option/],
    [["up", "orders", "--batch-size"], /--batch-size needs a value/],
    [["up", "UPPER"], /NAME_INVALID/],
    [["up", "gateway"], /it is reserved/],
    [["up", "orders", "--batch-size", "0", "--concurrency", "1"], /--concurrency must.*\n--batch-size must/],
    [["help", "statsu"], /Did you mean "status"\?/],
  ];
  for (const [argv, text] of usageErrors) {
    it(`refuses \`nami ${argv.join(" ")}\` with exit code 2`, async () => {
      const { code, said, results } = await nami(...argv);
      assert.equal(code, 2);
      assert.match(said, text);
      assert.match(said, /^error\[[A-Z_]+\]: .*\n {2}try: nami /s);
      assert.equal(results, "");
    });
  }

  it("prints an error as a JSON object on standard output with --json", async () => {
    const { code, said, results } = await nami("up", "x", "--json");
    assert.equal(code, 2);
    assert.equal(said, results);
    assert.deepEqual(Object.keys(JSON.parse(results).error), ["code", "message", "hint"]);
    assert.equal(JSON.parse(results).error.code, "NAME_INVALID");
  });

  it("answers an unknown name with an expected failure that lists what there is", async () => {
    const { code, said } = await nami("down", "orders");
    assert.equal(code, 1);
    assert.match(
      said,
      /error\[NAME_UNKNOWN\]: There is no deployment named orders\. Nothing is deployed yet\./,
    );
  });

  it("finds the verb behind flags that take a value", () => {
    assert.deepEqual(verbOf(["--target", "aws", "--json", "up", "orders"]), {
      verb: "up",
      rest: ["--target", "aws", "--json", "orders"],
    });
    assert.deepEqual(verbOf(["--json"]), { rest: ["--json"] });
  });
});

describe("the parser of options", () => {
  const command: Command = {
    name: "do",
    usage: "do <name> [thing]",
    summary: "",
    describe: "",
    examples: [],
    flags: [
      { name: "how-many", type: "number", describe: "", default: 3 },
      { name: "loud", type: "boolean", describe: "" },
    ],
    run: async () => {},
  };

  it("hands numbers as numbers, text as text, and leaves out what was not given", async () => {
    const args = await parse(command, ["007", "--how-many", "4", "--target", "aws", "-y"]);
    assert.deepEqual(
      { ...args },
      {
        json: false,
        quiet: false,
        verbose: false,
        yes: true,
        y: true,
        name: "007",
        howMany: 4,
        target: "aws",
      },
    );
  });

  it("fills in defaults, and takes the last of two", async () => {
    const args = await parse(command, ["a", "b", "--region", "x", "--region", "y"]);
    assert.deepEqual(
      [args.name, args.thing, args.howMany, args.region, args.loud],
      ["a", "b", 3, "y", undefined],
    );
  });
});

describe("the report of an error", () => {
  const report = (error: unknown, json = false, verbose = false) => {
    const io = capturedIo({});
    const code = reportError(io, error, { json, verbose, command: "up orders" });
    return { code, said: io.said(), results: io.results() };
  };

  it("ends with the exit code that the error carries", () => {
    assert.equal(report(new CodedError("A_B", "m", "h", 1)).code, 1);
    assert.equal(report(new CodedError("A_B", "m", "h", 2)).said, "error[A_B]: m\n  try: h\n");
    const asJson = report(new CodedError("A_B", "m", "h", 1), true);
    assert.deepEqual(JSON.parse(asJson.results), { error: { code: "A_B", message: "m", hint: "h" } });
    assert.equal(asJson.code, 1);
  });

  it("ends with 130 for an abort, the person's own wish", () => {
    const { code, said } = report(new DOMException("aborted", "AbortError"));
    assert.equal(code, 130);
    assert.match(said, /CANCELLED.*try: nami up orders/s);
  });

  it("ends with 70 for a bug, and prints all of it and where to report it", () => {
    const { code, said } = report(new TypeError("x is not a function"));
    assert.equal(code, 70);
    assert.match(said, /error\[BUG\].*TypeError: x is not a function\n {4}at .*issues\/new/s);
    const asJson = report(new Error("oops"), true);
    assert.equal(JSON.parse(asJson.results).error.code, "BUG");
    assert.equal(asJson.code, 70);
  });

  it("shows the cause with --verbose only", () => {
    const error = new CodedError("A_B", "m", "h", 1, { cause: new Error("the engine's words") });
    assert.doesNotMatch(report(error).said, /engine's words/);
    assert.match(report(error, false, true).said, /engine's words/);
  });
});
