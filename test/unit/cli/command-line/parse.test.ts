import assert from "node:assert/strict";
import type { Command } from "../../../../cli/command";
import { parse } from "../../../../cli/command-line/parse";
import { main } from "../../../../cli/main";
import type { CodedError } from "../../../../runtime/coded-error";
import { capturedIo } from "../../../support/captured-io";

const command: Command = {
  name: "up",
  usage: "up <name>",
  summary: "",
  describe: "",
  examples: [],
  takesOptions: "name",
  run: async () => {},
};

async function problem(...words: string[]): Promise<string> {
  const error = await parse(command, words).then(
    () => assert.fail("it was taken"),
    (thrown: CodedError) => thrown,
  );
  assert.deepEqual([error.code, error.exitCode, error.hint], ["USAGE", 2, "nami help up"]);
  return error.message;
}

describe("what is typed after the verb", () => {
  it("makes an option without its value wrong usage, not a bug", async () => {
    assert.equal(await problem("demo", "--batch-size"), "--batch-size needs a value.");
    assert.equal(await problem("demo", "--batch-size", "--yes"), "--batch-size needs a value.");
  });

  it("tells a word too many apart from an unknown option", async () => {
    assert.equal(await problem("demo", "y"), 'One word too many: "y". It is: nami up <name>');
    assert.equal(await problem("demo", "yess", "--yes"), 'One word too many: "yess". It is: nami up <name>');
    assert.equal(await problem("demo", "--yess"), "Unknown option --yess. Did you mean --yes?");
    assert.equal(await problem("demo", "--zebra=1"), "Unknown option --zebra.");
  });

  it("refuses an option of the gateway for a name, and says where it belongs", async () => {
    assert.equal(
      await problem("demo", "--throttle-rate", "5"),
      "Unknown option --throttle-rate. It is one of: nami gateway set",
    );
  });

  it("names a missing word by the usage", async () => {
    assert.equal(await problem(), "Something is missing: nami up <name>");
  });

  it("gives a switch no value but true and false", async () => {
    assert.equal(await problem("demo", "--yes=maybe"), '--yes takes no value; "maybe" was given.');
    assert.equal((await parse(command, ["demo", "--yes=true"])).yes, true);
    assert.equal((await parse(command, ["demo", "--yes=false"])).yes, false);
  });

  it("leads from an unknown command to a command that runs as it stands", async () => {
    const io = capturedIo();
    assert.equal(await main(["upp", "--json"], io), 2);
    assert.equal(JSON.parse(io.results()).error.hint, "nami help");
  });
});
