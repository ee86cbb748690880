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
    { thrown: [], diagnostics: [], warnings: [], ...seen },
    { state: "s3://bucket", home: "/home/me/.nami" },
  ) as CodedError;

/** As pulumi 3.259.0 prints it. */
const LOCKED = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///s/.pulumi/locks/organization/nami/orders/1.json: created by me@box (pid 4711) at 2026-01-02T03:04:05Z`;

describe("an error of the engine", () => {
  it("of a locked stack tells by whom, where and since when", () => {
    assert.deepEqual(engineLocks(failure(LOCKED)), [
      { user: "me", host: "box", pid: 4711, since: "2026-01-02T03:04:05Z" },
    ]);
    const { code, message } = translated(failure(LOCKED));
    assert.equal(code, "STACK_LOCKED");
    assert.match(message, /me@box \(pid 4711, since 2026-01-02/);
  });

  it("counts a lock as held by a living process, and by any process on another machine", () => {
    const lock = { user: "me", host: hostname(), pid: process.pid, since: "" };
    assert.equal(isHeld(lock), true);
    assert.equal(isHeld({ ...lock, pid: 2 ** 22 + 1 }), false);
    assert.equal(isHeld({ ...lock, pid: 2 ** 22 + 1, host: "elsewhere" }), true);
  });

  it("that the program threw on purpose passes unchanged", () => {
    const own = new CodedError("HANDLER_MISSING", "There is no file x", "ls x", 2);
    assert.equal(translated(failure("error: program failed"), { thrown: [own] }), own);
  });

  it("of Nami's own provider is found in the engine's text", () => {
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

  it("of a provider names the resource where the error has no code", () => {
    const urn = "urn:pulumi:orders::nami::nami:queue:Queue$aws:sqs/queue:Queue::orders-queue";
    const { code, message } = translated(failure("update failed"), {
      diagnostics: [{ urn, message: "AccessDenied: sqs:CreateQueue\n" }],
    });
    assert.deepEqual(
      [code, message],
      ["RESOURCE_FAILED", "Queue orders-queue: AccessDenied: sqs:CreateQueue"],
    );
  });

  it("of several resources tells each once, the known ones by their meaning, under the first known code", () => {
    const urn = (type: string, name: string) => `urn:pulumi:orders::nami::aws:x/y:${type}::${name}`;
    const denied =
      "operation error Lambda: CreateFunction, RequestID: 1, api error AccessDeniedException: User: arn:me is not authorized to perform: lambda:CreateFunction on resource: arn:f";
    const { code, message, hint } = translated(failure("update failed"), {
      diagnostics: [
        {
          urn: urn("Queue", "q"),
          message: "error: creating: operation error SQS: CreateQueue, api error Odd: what\n",
        },
        {
          urn: urn("Function", "f"),
          message: `  sdk-v2/provider2.go:572: sdk.helper_schema: creating: ${denied}: provider=aws@7.48.0`,
        },
        { urn: urn("Function", "f"), message: `1 error occurred:\n\t* creating: ${denied}\n\n` },
        { urn: "urn:pulumi:orders::nami::pulumi:pulumi:Stack::nami-orders", message: "update failed" },
      ],
    });
    assert.equal(code, "AWS_ACTION_DENIED");
    assert.deepEqual(message.split("\n"), [
      "Queue q: creating: operation error SQS: CreateQueue, api error Odd: what",
      "Function f: arn:me may not do lambda:CreateFunction on arn:f. ",
    ]);
    assert.match(hint, /simulate-principal-policy/);
  });

  it("of a provider as a whole is told of no resource", () => {
    const urn = "urn:pulumi:orders::nami::pulumi:providers:aws::default_7_48_0";
    const message =
      "pulumi:providers:aws resource 'default_7_48_0' has a problem: No valid credential sources found.";
    const error = translated(failure("preview failed"), { diagnostics: [{ urn, message }] });
    assert.equal(error.code, "AWS_CREDENTIALS_MISSING");
    assert.doesNotMatch(error.message, /default_7/);
  });

  it("of a lookup that AWS refuses is no bug of the program", () => {
    const refused = (said: string) =>
      new Error(
        `invocation of aws:ec2/getVpc:getVpc returned an error: invoking aws:ec2/getVpc:getVpc: 1 error occurred:\n\t* ${said}\n\n`,
      );
    const known = translated(failure("program failed"), { thrown: [refused("no matching EC2 VPC found")] });
    assert.equal(known.code, "DEFAULT_VPC_MISSING");
    const other = translated(failure("program failed"), { thrown: [refused("something odd (request 1-2)")] });
    assert.equal(other.code, "ENGINE_FAILED");
    assert.match(other.message, /nami\/orders: something odd \(request 1-2\)$/);
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
    it(`with the text "${text}" has the code ${code}`, () => {
      const error = translated(failure(text));
      assert.equal(error.code, code);
      assert.doesNotMatch(error.message + error.hint, /\{\w+\}/);
      assert.ok(error.cause instanceof EngineFailure);
    });
  }

  it("that is a bug of the program stays a bug", () => {
    const bug = new TypeError("x is not a function");
    assert.equal(translated(bug), bug);
    assert.equal(translated(failure("error: program failed"), { thrown: [bug] }), bug);
  });
});
