import assert from "node:assert/strict";
import { LINES_A_MINUTE, MinuteBudget } from "../../../runtime/minute-budget";
import { Rejections } from "../../../runtime/rejections";
import { recordedLog } from "../../support/recorded-log";
import { NOW, requestOf } from "../../support/signed";

function setup(secrets: string[] = [], secretPlaces: string[] = []) {
  const { log, lines } = recordedLog();
  let now = NOW;
  const rejections = new Rejections({
    log,
    budget: new MinuteBudget(LINES_A_MINUTE),
    now: () => now,
    secrets,
    secretPlaces,
  });
  return { rejections, lines, later: (ms: number) => (now += ms) };
}

const request = (body = "{}", headers: Record<string, string> = {}, query = "") =>
  requestOf({ method: "POST", query, headers, body: Buffer.from(body) });

describe("the log of refused requests", () => {
  it("tells why, from whom and what, the body cut", () => {
    const { rejections, lines } = setup();
    rejections.add(request("x".repeat(5000), { "x-sig": "abc" }, "a=1"), "NOT_VERIFIED", "no reason");
    const { level, message, fields } = lines[0]!;
    assert.deepEqual([level, message], ["warn", "request refused"]);
    assert.equal(fields.reason, "no reason");
    assert.equal(fields.bytes, 5000);
    assert.equal(fields.sourceIp, "203.0.113.7");
    assert.deepEqual(fields.query, { a: "1" });
    assert.equal(String(fields.body).length, 1025);
    assert.equal((fields.headers as Record<string, string>)["x-sig"], "abc");
  });

  it("holds no secret, wherever a sender has put it", () => {
    const secret = 'se"cr\\et';
    const { rejections, lines } = setup([secret, "token-2"], ["header:x-key", "query:code"]);
    const headers = {
      "x-key": "k",
      "x-odd": `has ${secret} in it`,
      authorization: "Bearer t",
      "x-token-2": "in the name",
    };
    rejections.add(request(`{"s":"token-2"}${secret}`, headers, "code=c&b=token-2"), "NOT_VERIFIED", "r");
    const text = JSON.stringify(lines[0]);
    for (const hidden of [JSON.stringify(secret).slice(1, -1), "token-2", "Bearer t", '"k"', '"c"'])
      assert.ok(!text.includes(hidden), hidden);
    assert.match(text, /has \[redacted\] in it/);
  });

  it("holds no secret as it is written in a form or in JSON", () => {
    const { rejections, lines } = setup(['a+b/c "d"', "pa!ss(word)ü"]);
    const shown = (body: string) => {
      rejections.add(request(body), "NOT_VERIFIED", "r");
      return lines.at(-1)!.fields.body;
    };
    assert.equal(shown("s=a%2Bb%2Fc+%22d%22&t=a%2bb%2fc%20%22d%22&"), "s=[redacted]&t=[redacted]&");
    assert.equal(shown('{"s":"a+b/c \\"d\\"","t":"a+b\\/c \\"d\\""}'), '{"s":"[redacted]","t":"[redacted]"}');
    assert.equal(shown("pa%21ss%28word%29%c3%bc pa!ss(word)\\u00FC"), "[redacted] [redacted]");
  });

  it("takes whatever a secret may look like, and cuts after it has hidden", () => {
    for (const secret of ["arn:aws:sns:us-east-1:123456789012:orders", "body", "\u001aabc"]) {
      const { rejections, lines } = setup([secret]);
      rejections.add(
        request(`\u001a${secret.slice(1)} ${secret}`, { "x-a": `\u001arn:${secret}` }),
        "NOT_VERIFIED",
        "r",
      );
      const { fields } = lines[0]!;
      assert.ok(!String(fields.body).includes(secret), secret);
      assert.equal(typeof fields.body, "string");
    }
    const { rejections, lines } = setup(["top-secret-text"]);
    rejections.add(request(`${"x".repeat(1019)}top-secret-text${"y".repeat(99)}`), "NOT_VERIFIED", "r");
    assert.doesNotMatch(String(lines[0]!.fields.body), /top/);
  });

  it("is capped in a rush, and says afterwards how many it left out", () => {
    const { rejections, lines, later } = setup();
    for (let i = 0; i < 500; i++) rejections.add(request(), "NOT_VERIFIED", "r");
    assert.equal(lines.length, 60);
    later(60_000);
    rejections.add(request(), "NOT_VERIFIED", "r");
    assert.equal(lines.length, 61);
    assert.equal(lines[60]!.fields.unlogged, 440);
    rejections.add(request(), "NOT_VERIFIED", "r");
    assert.equal(lines[61]!.fields.unlogged, undefined);
  });

  it("takes bytes that are no text", () => {
    const { rejections, lines } = setup();
    const odd = requestOf({ method: "POST", query: "", headers: {}, body: Buffer.from([0xff, 0, 0xc3]) });
    rejections.add(odd, "NOT_VERIFIED", "r");
    assert.equal(lines[0]!.fields.bytes, 3);
  });
});
