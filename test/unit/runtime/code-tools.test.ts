import assert from "node:assert/strict";
import type { Db } from "mongodb";
import { codeSecrets } from "../../../runtime/code-secrets";
import { commonTools } from "../../../runtime/code-tools";
import type { EventDocument } from "../../../runtime/document";
import type { PostQueueHandler } from "../../../runtime/handlers";
import { stackOf } from "../../../runtime/log";
import { type HandlerFailure, runPostQueue } from "../../../runtime/post-queue-code";
import type { Collections } from "../../../runtime/store";
import { work } from "../../../runtime/work";
import { sqsEvent } from "../../support/aws-events";
import { message } from "../../support/messages";
import { recordedLog } from "../../support/recorded-log";

describe("the variable with the secrets of user code", () => {
  it("becomes an object of names and values that cannot be changed", () => {
    const secrets = codeSecrets({ NAMI_CODE_SECRETS: '{"API_KEY":"k1","number":7}' });
    assert.deepEqual({ ...secrets }, { API_KEY: "k1", number: "7" });
    assert.throws(() => {
      (secrets as Record<string, string>).API_KEY = "other";
    }, TypeError);
  });

  it("may be missing, and a name that was not set is undefined, whatever it is", () => {
    for (const variables of [{}, { NAMI_CODE_SECRETS: "" }, { NAMI_CODE_SECRETS: "{}" }]) {
      const secrets = codeSecrets(variables);
      assert.deepEqual(Object.keys(secrets), []);
      for (const name of ["MISSING", "constructor", "toString", "__proto__"])
        assert.equal(secrets[name], undefined, name);
    }
  });

  for (const text of ["s3cret", "[1]", '"s3cret"', "null", '{"a":']) {
    it(`is refused at a cold start as ${JSON.stringify(text)}, without a word of it in the message`, () => {
      assert.throws(
        () => codeSecrets({ NAMI_CODE_SECRETS: text }),
        ({ message: said }: Error) => /NAMI_CODE_SECRETS/.test(said) && !said.includes("s3cret"),
      );
    });
  }
});

describe("the log of user code", () => {
  it("names the event, and writes what JSON cannot say as text", () => {
    const { log, lines } = recordedLog();
    const tools = commonTools("e1", { log });
    tools.log("plain", { total: 3 });
    tools.log("odd", { total: 3n });
    tools.log("mine", { name: "ada", message: "m" });
    assert.deepEqual(
      lines.map(({ message: text, fields }) => [text, fields]),
      [
        ["plain", { id: "e1", total: 3 }],
        ["odd", { id: "e1", fields: "{ total: 3n }" }],
        ["mine", { id: "e1", fields: { name: "ada", message: "m" } }],
      ],
    );
  });
});

describe("the stack of what user code throws", () => {
  it("ends with the user's own, without the folder of the bundle; what is no error has none", () => {
    const error = new Error("no");
    error.stack = `Error: no
    at charge (/var/task/b/index.ts:3:9)
    at Array.map (<anonymous>)
    at handler (/var/task/b/shared/x.ts:1:1)
    at A (/var/task/b/post-queue.js:13:2533)
    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)
    at async answer (/var/runtime/index.mjs:154:33)`;
    const stack = stackOf(error, "/var/task/b/post-queue.js")!;
    assert.equal(
      stack,
      "Error: no\n    at charge (index.ts:3:9)\n    at Array.map (<anonymous>)\n    at handler (shared/x.ts:1:1)",
    );
    assert.equal(stackOf("thrown text"), undefined);
  });

  it("is all there is where nothing of it is the user's, and is cut to a sane size", () => {
    const error = new Error("no");
    error.stack = `Error: no${"\n    at A (/var/task/b/post-queue.js:13:2533)".repeat(1000)}`;
    const stack = stackOf(error, "/var/task/b/post-queue.js")!;
    assert.match(stack, /^Error: no\n {4}at A \(post-queue\.js:13:2533\)\n/);
    assert.equal(stack.length, 4000);
  });

  it("stands in the one line about an event that was not stored, with the event's id", async () => {
    const { log, lines } = recordedLog();
    const collections = {
      events: { insertMany: async () => {} },
      deadLetters: { insertMany: async () => {} },
    };
    const ports = (handler: PostQueueHandler) => ({
      store: { open: async () => collections as unknown as Collections, close: async () => {} },
      uri: "mongodb://127.0.0.1/",
      handler,
      secrets: codeSecrets({ NAMI_CODE_SECRETS: '{"KEY":"v"}' }),
      now: Date.now,
      remaining: () => 30_000,
      log,
    });
    const seen: unknown[] = [];
    const failing: PostQueueHandler = async (event, { secrets }) => {
      seen.push(secrets.KEY, secrets.OTHER);
      (event as EventDocument).name = "changed";
      throw new TypeError("cannot digest");
    };
    const { batchItemFailures } = await work(sqsEvent([message()]), ports(failing));
    assert.equal(batchItemFailures.length, 1);
    assert.deepEqual(seen, ["v", undefined]);
    assert.equal(lines.length, 1);
    const { code, error, id, stack } = lines[0]!.fields;
    assert.deepEqual([code, error], ["NOT_STORED", "cannot digest"]);
    assert.match(String(id), /^\w+:/);
    assert.match(String(stack), /^TypeError: cannot digest\n {4}at .*code-tools\.test\.ts/);
  });
});

describe("user code whose time is up", () => {
  it("is told by its signal, fails its own event alone, and its later lines in the log are marked", async () => {
    const { log, lines } = recordedLog();
    const document = { _id: "demo:d1", raw: Buffer.from("{}") } as EventDocument;
    let end: Promise<void> | undefined;
    const handler: PostQueueHandler = (_, { signal, log: tell }) => {
      tell("begun");
      end = new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => {
          tell("charged", { total: 3 });
          resolve();
        });
      });
      return end;
    };
    const ports = { db: {} as Db, log, now: 0, limitMs: 5 };
    const late = /^the post-queue file did not end within 5 ms$/;
    await assert.rejects(runPostQueue(handler, document, ports), ({ message: said, id }: HandlerFailure) => {
      return late.test(said) && id === "demo:d1";
    });
    await end;
    assert.deepEqual(
      lines.map(({ message: text, fields }) => [text, fields]),
      [
        ["begun", { id: "demo:d1" }],
        ["charged", { id: "demo:d1", total: 3, late: true }],
      ],
    );
  });
});
