import assert from "node:assert/strict";
import { hostname } from "node:os";
import { engineLocks, isHeld, type Seen, translate } from "../../../../cli/deployments/errors";
import { EngineFailure } from "../../../../cli/engine/call";
import { CodedError } from "../../../../runtime/coded-error";

const room = { project: "nami", stack: "orders" } as const;
const failure = (stderr: string) => new EngineFailure(["up"], { stdout: "", stderr, code: 255 });
const translated = (error: unknown, seen: Partial<Seen> = {}) =>
  translate(
    error,
    room,
    { thrown: [], diagnostics: [], ...seen },
    { state: "s3://bucket", home: "/home/me/.nami" },
  ) as CodedError;

/** As pulumi 3.259.0 prints it. */
const LOCKED = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///s/.pulumi/locks/organization/nami/orders/1.json: created by me@box (pid 4711) at 2026-01-02T03:04:05Z`;

describe("what the engine says, for people", () => {
  it("a locked stack: by whom, where, since when", () => {
    assert.deepEqual(engineLocks(failure(LOCKED)), [
      { user: "me", host: "box", pid: 4711, since: "2026-01-02T03:04:05Z" },
    ]);
    const { code, message } = translated(failure(LOCKED));
    assert.equal(code, "STACK_LOCKED");
    assert.match(message, /me@box \(pid 4711, since 2026-01-02/);
  });

  it("a lock is held by a process that lives, and by every one on another machine", () => {
    const lock = { user: "me", host: hostname(), pid: process.pid, since: "" };
    assert.equal(isHeld(lock), true);
    assert.equal(isHeld({ ...lock, pid: 2 ** 22 + 1 }), false);
    assert.equal(isHeld({ ...lock, pid: 2 ** 22 + 1, host: "elsewhere" }), true);
  });

  it("an error of our own, thrown in the program, passes unchanged", () => {
    const own = new CodedError("HANDLER_MISSING", "There is no file x", "ls x", 2);
    assert.equal(translated(failure("error: program failed"), { thrown: [own] }), own);
  });

  it("an error of our own provider is found in the engine's text", () => {
    const urn = "urn:pulumi:orders::nami::aws:ec2/instance:Instance::mongo";
    const message =
      "error: creating: MONGO_PORT_TAKEN: Port 5 is taken. (Stop it (lsof -i :5), or choose another)\n";
    const {
      code,
      message: text,
      hint,
    } = translated(failure("update failed"), { diagnostics: [{ urn, message }] });
    assert.deepEqual(
      [code, text, hint],
      ["MONGO_PORT_TAKEN", "Port 5 is taken.", "Stop it (lsof -i :5), or choose another"],
    );
  });

  it("a provider's other errors name the resource", () => {
    const urn = "urn:pulumi:orders::nami::nami:queue:Queue$aws:sqs/queue:Queue::orders-queue";
    const { code, message } = translated(failure("update failed"), {
      diagnostics: [{ urn, message: "AccessDenied: sqs:CreateQueue\n" }],
    });
    assert.deepEqual(
      [code, message],
      ["RESOURCE_FAILED", "Queue orders-queue: AccessDenied: sqs:CreateQueue"],
    );
  });

  const texts: [string, string][] = [
    [
      "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
      "PASSPHRASE_WRONG",
    ],
    [
      "error: could not create secrets manager for new stack: secrets (code=NotFound): operation error KMS: Encrypt, NotFoundException",
      "SECRETS_KEY_UNUSABLE",
    ],
    ["error: unable to open bucket s3://bucket: NoSuchBucket", "STATE_UNREACHABLE"],
    ["error: mkdir /x: read-only file system", "HOME_READ_ONLY"],
    ["error: something else entirely", "ENGINE_FAILED"],
  ];
  for (const [text, code] of texts) {
    it(`"${text}" is ${code}`, () => {
      const error = translated(failure(text));
      assert.equal(error.code, code);
      assert.doesNotMatch(error.message + error.hint, /\{\w+\}/);
      assert.ok(error.cause instanceof EngineFailure);
    });
  }

  it("a bug of ours stays what it is", () => {
    const bug = new TypeError("x is not a function");
    assert.equal(translated(bug), bug);
    assert.equal(translated(failure("error: program failed"), { thrown: [bug] }), bug);
  });
});
