import assert from "node:assert/strict";
import { type AwsAnswer, type AwsClient, AwsTimeout } from "../../../runtime/aws-client";
import { persistent } from "../../../runtime/watchdog-ports";
import { onFastClock } from "../../support/fast-clock";

const answer = (status: number, body = "{}", headers = {}): AwsAnswer => ({ status, headers, body });
const REQUEST = { method: "GET", path: "/" } as const;

describe("a call of the watchdog to AWS", () => {
  /** Gives or throws one after another; counts how often it was asked. */
  function scripted(...script: (AwsAnswer | Error)[]): { client: AwsClient; asked(): number } {
    let asked = 0;
    const client: AwsClient = {
      async send() {
        const next = script[asked++]!;
        if (next instanceof Error) throw next;
        return next;
      },
      close: () => {},
    };
    return { client: persistent(client), asked: () => asked };
  }
  const send = (client: AwsClient) => onFastClock(() => client.send(REQUEST, { connect: 1, total: 1 }));

  const passing: [what: string, first: AwsAnswer | Error][] = [
    [
      "a kept connection that AWS has closed",
      Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
    ],
    ["a connection that did not come", new AwsTimeout("did not accept a connection", true)],
    ["throttling by Lambda", answer(429)],
    ["throttling by SSM", answer(400, '{"__type":"ThrottlingException"}')],
    ["a fault of the service", answer(503)],
  ];
  for (const [what, first] of passing)
    it(`is made once more after ${what}`, async () => {
      const { client, asked } = scripted(first, answer(200));
      assert.equal((await send(client)).status, 200);
      assert.equal(asked(), 2);
    });

  it("is not repeated when AWS refused it, nor when it took all the time", async () => {
    for (const status of [200, 400, 403, 404]) {
      const { client, asked } = scripted(answer(status));
      assert.equal((await send(client)).status, status);
      assert.equal(asked(), 1);
    }
    const late = scripted(new AwsTimeout("did not answer", false));
    await assert.rejects(send(late.client), /did not answer/);
    assert.equal(late.asked(), 1);
  });

  it("fails with the second error, not the first", async () => {
    const { client } = scripted(new Error("reset"), new Error("reset again"));
    await assert.rejects(send(client), /reset again/);
  });
});
