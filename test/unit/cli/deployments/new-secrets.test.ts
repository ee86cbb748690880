import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { newSecrets, typedSecret } from "../../../../cli/deployments/new-secrets";
import type { Chosen } from "../../../../cli/deployments/settings";
import { type SecretChange, settleSecrets } from "../../../../cli/lifecycle/change-secrets";
import { wholeEvent } from "../../../../cli/operate/stored-events";
import type { CodedError } from "../../../../runtime/coded-error";
import { capturedIo } from "../../../support/captured-io";

const refused = async (attempt: Promise<unknown>): Promise<Pick<CodedError, "code" | "message" | "hint">> => {
  const { code, message, hint } = await attempt.then(
    () => assert.fail("was taken"),
    (error: CodedError) => error,
  );
  return { code, message, hint };
};

const env = { WRONG: "hush!", LONG: "x".repeat(4000) };
const io = () => capturedIo({ env, stdin: Readable.from([]) as typeof process.stdin });

describe("a secret that cannot be taken", () => {
  const up = (option: string, from: string, verify = "svix") =>
    refused(newSecrets({ [option]: from }, { verify }, io()));

  it("leads to what its preset says of it", async () => {
    assert.deepEqual(await up("secret", "env:WRONG"), {
      code: "SECRET_INVALID",
      message: "--secret: what env:WRONG gives must be whsec_ and base64.",
      hint: "nami verify show svix",
    });
    assert.equal((await up("mongoUri", "env:WRONG")).hint, "nami help up");
    assert.equal((await up("codeSecrets", "env:WRONG")).hint, "nami help up");
    assert.deepEqual(await up("secret", "env:LONG"), {
      code: "SECRET_TOO_LARGE",
      message:
        "--secret: what env:LONG gives is 4000 bytes long; there is room for 3072 beside a function's other settings.",
      hint: "nami verify show svix",
    });
  });

  it("leads to where it was looked for", async () => {
    const typed = (text: string) => refused(typedSecret(text, "The secret", io()));
    assert.deepEqual(await typed("env:NONE"), {
      code: "SECRET_MISSING",
      message: "The secret is to come from env:NONE, but it is not set.",
      hint: "read -rs NONE && export NONE",
    });
    assert.equal((await typed("file:no where/key")).hint, "ls -la 'no where'");
    assert.equal((await typed("file:none")).hint, "ls -la .");
    const { message, hint } = await typed("@-");
    assert.match(message, /from @-, but it is empty; env:SECRET in its place reads the variable\.$/);
    assert.equal(hint, "read -rs SECRET && export SECRET");
  });
});

describe("nami secret add of what cannot be taken", () => {
  const settle = (change: SecretChange, verify = "svix") => {
    const chosen = { written: {}, secrets: {}, resolved: { verify } } as unknown as Chosen;
    const where = { bench: undefined as never, name: "demo", before: undefined, now: new Date(0) };
    return refused(settleSecrets(chosen, change, where));
  };

  it("names no option that it has not", async () => {
    assert.deepEqual(await settle({ add: env.WRONG }), {
      code: "SECRET_INVALID",
      message: "The secret must be whsec_ and base64.",
      hint: "nami verify show svix",
    });
  });

  it("leads to those there are when all are too long together", async () => {
    const { code, message, hint } = await settle({ add: env.LONG }, "github");
    assert.deepEqual([code, hint], ["SECRET_TOO_LARGE", "nami secret list demo"]);
    assert.match(message, /^With that, the list of all secrets of demo is 4\d\d\d bytes long; there is room/);
    const own = await settle({ add: env.LONG, as: "KEY" });
    assert.match(own.message, /^With that, the list of all secrets of the code of demo is 4\d\d\d bytes/);
  });
});

describe("an event that changes while it is read", () => {
  it("is read again when it has changed", async () => {
    let version = 0;
    const operator = {
      invoke: async () => ({ piece: "", of: 2, version: version++ }) as never,
      deployment: { name: "demo" },
    };
    assert.equal((await refused(wholeEvent(operator, "demo:1"))).hint, "nami events demo demo:1");
    assert.equal((await refused(wholeEvent(operator, "it's"))).hint, "nami events demo 'it'\\''s'");
  });
});
