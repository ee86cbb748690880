import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Args } from "../../../../cli/command";
import { withOptions, writtenIn } from "../../../../cli/deployments/config";
import { checkTyped, chooseOptions, letGo } from "../../../../cli/deployments/settings";
import { STORED_SECRET } from "../../../../infra/option-values";
import type { Written } from "../../../../infra/options";
import { checkOptions } from "../../../../infra/resolve-options";
import type { CodedError } from "../../../../runtime/coded-error";
import { capturedIo } from "../../../support/captured-io";

const args = (flags: Record<string, unknown> = {}): Args => ({
  json: false,
  quiet: false,
  verbose: false,
  yes: false,
  name: "orders",
  ...flags,
});

describe("the options of an operation", () => {
  it("come from flag, then environment, then the last deployment, then the default", async () => {
    const before = {
      target: "local",
      region: "us-east-1",
      batchSize: "4",
      concurrency: "9",
      maxReceives: "7",
    };
    const io = capturedIo({ env: { NAMI_BATCH_SIZE: "5", NAMI_CONCURRENCY: "8" } });
    const { written, resolved } = await chooseOptions(args({ batchSize: "6" }), io, before);
    assert.deepEqual(
      [resolved.batchSize, resolved.concurrency, resolved.maxReceives, resolved.preQueueMemory],
      [6, 8, 7, 256],
    );
    assert.deepEqual([written.batchSize, written.concurrency, written.maxReceives], ["6", "8", "7"]);
  });

  it("keep defaults out of the config, but write out the place", async () => {
    const { written } = await chooseOptions(args(), capturedIo({ env: {} }), undefined);
    assert.deepEqual(written, { target: "local", region: "us-east-1" });
  });

  it("go back to the default with an empty value", async () => {
    const before = { target: "local", region: "us-east-1", batchSize: "4", preQueue: "/x.ts" };
    const { written } = await chooseOptions(
      args({ batchSize: "", preQueue: "" }),
      capturedIo({ env: {} }),
      before,
    );
    assert.deepEqual(written, { target: "local", region: "us-east-1" });
  });

  it("name files relative to the folder where the command runs", async () => {
    const io = capturedIo({ env: {}, cwd: "/home/me" });
    const { written } = await chooseOptions(args({ preQueue: "code/pre.ts" }), io, undefined);
    assert.equal(written.preQueue, "/home/me/code/pre.ts");
  });

  it("report everything that is wrong at once, before anything is looked at", () => {
    const io = capturedIo({ env: { NAMI_RETENTION: "1y" } });
    assert.throws(
      () => checkTyped(args({ batchSize: "0", target: "moon" }), io, { mayHaveKept: false }),
      ({ code, message }: { code: string; message: string }) =>
        code === "OPTIONS_INVALID" &&
        /--target/.test(message) &&
        /--batch-size/.test(message) &&
        /--retention/.test(message),
    );
  });

  it("are judged together only where none may be kept beside them", () => {
    const io = capturedIo({ env: {} });
    const given = args({ egress: "ipv6" });
    assert.throws(() => checkTyped(given, io, { mayHaveKept: false }), { code: "OPTIONS_INVALID" });
    checkTyped(given, io, { mayHaveKept: true });
    assert.throws(() => checkTyped(args({ egress: "ip" }), io, { mayHaveKept: true }), {
      code: "OPTIONS_INVALID",
    });
  });

  it("refuse to move a name", async () => {
    const before = { target: "local", region: "us-east-1" };
    for (const [flag, value] of [
      ["target", "aws"],
      ["region", "eu-west-1"],
    ] as const) {
      await assert.rejects(chooseOptions(args({ [flag]: value }), capturedIo({ env: {} }), before), {
        code: "PLACE_CHANGED",
      });
      const io = capturedIo({ env: { [`NAMI_${flag.toUpperCase()}`]: value } });
      await assert.rejects(chooseOptions(args(), io, before), { code: "PLACE_CHANGED" });
    }
    await chooseOptions(args({ target: "local", region: "us-east-1" }), capturedIo({ env: {} }), before);
  });

  it("let the user's own MongoDB and Nami's take each other's place", async () => {
    const io = capturedIo({ env: { URI: "mongodb://db" } });
    const own = await chooseOptions(args({ mongoUri: "env:URI" }), io, { mongoPort: "27020" });
    assert.deepEqual([own.written.mongoPort, own.secrets.mongoUri], [undefined, "mongodb://db"]);
    const back = await chooseOptions(args({ mongoPort: "27021" }), io, { mongoUri: STORED_SECRET });
    assert.deepEqual([back.written.mongoUri, back.written.mongoPort], [undefined, "27021"]);
    // Data that is kept beside a MongoDB of one's own is as it was for whoever goes back to it.
    const beside = { mongoUri: STORED_SECRET, volumeSize: "100", mongoVersion: "8.2" };
    const still = await chooseOptions(args({ batchSize: "4" }), io, beside);
    assert.deepEqual([still.written.mongoUri, still.written.volumeSize], [STORED_SECRET, undefined]);
    const returned = await chooseOptions(args({ mongoUri: "" }), io, beside);
    assert.deepEqual(
      [returned.written.mongoUri, returned.written.volumeSize, returned.written.mongoVersion],
      [undefined, "100", "8.2"],
    );
  });

  it("keep a URL as long as it is signed", async () => {
    const io = capturedIo({ env: { S: "s3cret" } });
    const before = { verify: "twilio", secret: STORED_SECRET, verifyUrl: "https://hooks.example.com/a" };
    const kept = async (flags: Record<string, unknown>, was: Written = before) =>
      (await chooseOptions(args(flags), io, was)).written.verifyUrl;
    assert.equal(await kept({ batchSize: "4" }), before.verifyUrl);
    assert.equal(await kept({ verify: "square", secret: "env:S" }), before.verifyUrl);
    assert.equal(await kept({ verify: "github", secret: "env:S" }), undefined);
    assert.equal(await kept({ verify: "" }), undefined);
    const hmac = { ...before, verify: "hmac", verifyHeader: "x-sig", verifyTemplate: "{url}.{body}" };
    assert.equal(await kept({ batchSize: "4" }, hmac), before.verifyUrl);
    assert.equal(await kept({ verifyTemplate: "{path}.{body}" }, hmac), undefined);
    assert.equal(await kept({ verifyTemplate: "" }, hmac), undefined);
    // What is asked for now is not let go of in silence.
    await assert.rejects(kept({ verify: "github", secret: "env:S", verifyUrl: before.verifyUrl }), {
      code: "OPTIONS_INVALID",
    });
  });

  it("count a kept verify token, and demand the one that a handshake needs", async () => {
    const io = capturedIo({ env: { S: "s3cret", T: "t0ken" } });
    const before = { verify: "meta", secret: STORED_SECRET, verifyToken: STORED_SECRET };
    const later = await chooseOptions(args({ batchSize: "4" }), io, before);
    assert.deepEqual([later.written.verifyToken, later.secrets], [STORED_SECRET, {}]);
    await assert.rejects(chooseOptions(args({ verifyToken: "" }), io, before), { code: "OPTIONS_INVALID" });
    const fresh = { verify: "whatsapp", secret: "env:S" };
    await assert.rejects(chooseOptions(args(fresh), io, undefined), /whatsapp needs --verify-token env:NAME/);
    const given = await chooseOptions(args({ ...fresh, verifyToken: "env:T" }), io, undefined);
    assert.equal(given.secrets.verifyToken, "t0ken");
  });

  it("notify nobody of alarms that are off", async () => {
    const before = { alarmEmail: "me@example.com" };
    const { written } = await chooseOptions(args({ alarms: "off" }), capturedIo({ env: {} }), before);
    assert.deepEqual([written.alarms, written.alarmEmail], ["off", undefined]);
  });

  describe("that are secret", () => {
    let dir: string;
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), "nami-secret-"));
    });
    afterEach(() => rmSync(dir, { recursive: true, force: true }));

    const given = async (mongoUri: string, more: object = {}) =>
      (await chooseOptions(args({ mongoUri }), capturedIo({ env: {}, cwd: dir, ...more }), undefined))
        .secrets;

    it("come from standard input, the environment or a file", async () => {
      writeFileSync(join(dir, "uri"), "mongodb://file\n");
      assert.deepEqual(await given("@-", { stdin: Readable.from(["mongodb://", "stdin\n"]) }), {
        mongoUri: "mongodb://stdin",
      });
      assert.deepEqual(await given("env:URI", { env: { URI: "mongodb://env" } }), {
        mongoUri: "mongodb://env",
      });
      assert.deepEqual(await given("file:uri"), { mongoUri: "mongodb://file" });
    });

    it("are refused as plain values, which are not repeated", async () => {
      await assert.rejects(given("mongodb://me:hush@db"), (error: Error) => !error.message.includes("hush"));
    });

    it("must be a connection string, which is not repeated", async () => {
      const wrong = given("env:URI", { env: { URI: "db.example.com/hush" } });
      await assert.rejects(wrong, (error: CodedError) => {
        assert.equal(error.code, "SECRET_INVALID");
        return !error.message.includes("hush");
      });
    });

    it("are missed where there is nothing", async () => {
      for (const from of ["env:NOT_THERE", "file:not-there"])
        await assert.rejects(given(from), { code: "SECRET_MISSING" });
    });

    it("stay as they are kept when they are not given anew", async () => {
      const { secrets, written } = await chooseOptions(args(), capturedIo({ env: {} }), {
        mongoUri: STORED_SECRET,
      });
      assert.deepEqual([secrets, written.mongoUri], [{}, STORED_SECRET]);
    });
  });
});

describe("the config that a way in is opened again with", () => {
  it("is the deployed one without what its preset takes no more, and the program takes it", () => {
    const stays = {
      "nami:target": "local",
      "nami:region": "us-east-1",
      "nami:verify": "github",
      "nami:secret": { secure: "v1:abc" },
      "nami:batchSize": "4",
      "nami:account": "1",
      "nami:edition": "e1",
    };
    const settings = { config: { ...stays, "nami:verifyUrl": "https://hooks.example.com/a" } };
    const deployed = writtenIn(settings);
    assert.deepEqual(
      checkOptions(deployed).map(({ option }) => option),
      ["verifyUrl"],
    );
    const written = letGo(deployed);
    assert.deepEqual(checkOptions(written), []);
    assert.deepEqual(withOptions("nami", settings, { of: "name", written, secrets: {} }).config, stays);
  });
});
