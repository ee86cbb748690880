import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { enqueue } from "../../../runtime/enqueue";
import { decodeMessage } from "../../../runtime/message";
import { QueueError } from "../../../runtime/queue-error";
import type { VerifiedRequest } from "../../../runtime/verify/verify";
import { LIMIT } from "../../support/messages";
import { recordedLog } from "../../support/recorded-log";

const raw = Buffer.alloc(5_500_000, "abcdefg");

/** As verify would let it through. */
function request(body = raw): VerifiedRequest {
  return {
    id: "d1",
    requestId: "r1",
    method: "POST",
    path: "/demo",
    query: {},
    headers: {},
    sourceIp: "203.0.113.7",
    contentType: "text/plain",
    raw: body,
    receivedAt: new Date(0),
    verified: { scheme: "none", keyIndex: null },
  } as unknown as VerifiedRequest;
}

function ports(send: (message: string, until?: number) => Promise<void>) {
  const { log, lines } = recordedLog();
  return { settings: { name: "demo", maxMessageBytes: LIMIT }, send, log, lines };
}

describe("a body too large for one message", () => {
  it("is answered 200 when all of its parts are in the queue, three at a time", async () => {
    const sent: string[] = [];
    let [open, most] = [0, 0];
    const send = async (message: string) => {
      most = Math.max(most, ++open);
      await sleep(5);
      open--;
      sent.push(message);
    };
    const answer = await enqueue(request(), ports(send));
    assert.equal(answer.statusCode, 200);
    assert.equal(sent.length, 6);
    assert.equal(most, 3);
    const decoded = sent.map(decodeMessage).sort((a, b) => a.meta.part!.number - b.meta.part!.number);
    assert.ok(Buffer.concat(decoded.map((part) => part.raw)).equals(raw));
    assert.deepEqual([...new Set(decoded.map(({ meta }) => `${meta.id} ${meta.requestId}`))], ["d1 r1"]);
  });

  it("is answered 503 when one of them is not, once no send is under way any more", async () => {
    let [calls, open] = [0, 0];
    const send = async () => {
      const call = ++calls;
      open++;
      await sleep(call * 10);
      open--;
      if (call === 2) throw new QueueError("ThrottlingException", "slow down", true, 400);
    };
    const { lines, ...rest } = ports(send);
    const answer = await enqueue(request(), rest);
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers?.["retry-after"], "5");
    assert.equal(open, 0);
    assert.ok(calls < 6, "the others are not sent");
    assert.equal(lines.at(-1)!.fields.awsCode, "ThrottlingException");
  });

  it("has one deadline for all of its parts", async () => {
    const ends = new Set<number | undefined>();
    const start = performance.now();
    await enqueue(
      request(),
      ports(async (_, until) => void ends.add(until)),
    );
    assert.equal(ends.size, 1);
    const [until] = [...ends] as [number];
    assert.ok(until - start > 2400 && until - start < 2700, String(until - start));
  });
});
