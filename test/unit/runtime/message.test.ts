import assert from "node:assert/strict";
import { decodeMessage, encodeMessage, MessageTooLarge } from "../../../runtime/message";
import { LIMIT, messageFacts } from "../../support/messages";
import { seededRandom } from "../../support/seeded-random";

const encode = (raw: Buffer, limit = LIMIT) => encodeMessage(messageFacts(), raw, limit);
const encodingOf = (raw: Buffer) => decodeMessage(encode(raw)).meta.encoding;

/** The characters SQS takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
function allowed(text: string): boolean {
  return [...text].every((char) => {
    const code = char.codePointAt(0)!;
    const single = code === 9 || code === 0xa || code === 0xd;
    return (
      single || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000
    );
  });
}

describe("the queue message", () => {
  it("is one line of JSON, a newline and the body as it is", () => {
    const [line, ...rest] = encode(Buffer.from('{"a":\n"é"}')).split("\n");
    assert.equal(JSON.parse(line!).v, 1);
    assert.equal(rest.join("\n"), '{"a":\n"é"}');
  });

  it("carries text where the bytes allow it and base64 where they do not", () => {
    const bom = "\uFEFF{}";
    for (const text of ["", "a\r\n\tb", "\uFFFD\uE000😀", bom, "\u007f"])
      assert.equal(encodingOf(Buffer.from(text)), "text");
    for (const text of ["\0", "\u001b[0m", "\uFFFE", "\uFFFF"])
      assert.equal(encodingOf(Buffer.from(text)), "base64");
    assert.equal(encodingOf(Buffer.from([0xff])), "base64");
    assert.equal(encodingOf(Buffer.from([0xed, 0xa0, 0x80])), "base64", "a surrogate written as UTF-8");
  });

  it("gives back the same bytes, in characters SQS takes, for 400 random bodies", () => {
    const random = seededRandom(42);
    const alphabets = [
      () => Math.floor(random() * 256),
      () => 0x20 + Math.floor(random() * 0x5f),
      () => [0x0a, 0x22, 0x5c, 0x00, 0xc3, 0xa9][Math.floor(random() * 6)]!,
    ];
    for (let i = 0; i < 400; i++) {
      const byte = alphabets[i % alphabets.length]!;
      const raw = Buffer.from(Array.from({ length: Math.floor(random() * 300) }, byte));
      const text = encode(raw);
      assert.ok(allowed(text), `case ${i}`);
      assert.deepEqual(decodeMessage(text).raw, raw, `case ${i}`);
    }
  });

  it("gives back the same metadata, odd characters included", () => {
    const request = { ...messageFacts().request, path: "/\uFFFF\uFFFE\u0000\n", headers: { a: "é\ud800" } };
    const facts = messageFacts({ request, probe: { nonce: "n", deadline: 7 } });
    const text = encodeMessage(facts, Buffer.from("x"), LIMIT);
    assert.ok(allowed(text));
    assert.deepEqual(decodeMessage(text).meta, { v: 1, ...facts, encoding: "text" });
  });

  it("may have exactly the limit's bytes and no more", () => {
    const overhead = Buffer.byteLength(encode(Buffer.alloc(0)));
    const fitting = Buffer.alloc(2000 - overhead, "a");
    assert.equal(Buffer.byteLength(encode(fitting, 2000)), 2000);
    assert.throws(
      () => encode(Buffer.concat([fitting, Buffer.from("a")]), 2000),
      (error: MessageTooLarge) => {
        assert.ok(error instanceof MessageTooLarge);
        assert.equal(error.bytes, 2001);
        assert.match(error.message, /2001 bytes; the limit is 2000/);
        return true;
      },
    );
  });

  it("holds 900 KB of JSON full of quotes", () => {
    const raw = Buffer.from(JSON.stringify({ list: Array.from({ length: 115_000 }, () => 'a"é') }));
    assert.ok(raw.length > 900_000 && raw.length < 1_000_000);
    assert.deepEqual(decodeMessage(encode(raw)).raw, raw);
  });

  it("says what is wrong with a text of another origin", () => {
    assert.throws(() => decodeMessage("hello"), /no metadata line/);
    assert.throws(() => decodeMessage("hello\nworld"), /not JSON/);
    assert.throws(() => decodeMessage('{"v":2}\n'), /version 1/);
    assert.throws(() => decodeMessage("null\n"), /version 1/);
    assert.throws(() => decodeMessage('{"v":1,"requestId":"r","name":"n"}\n'), /no id/);
    assert.throws(
      () => decodeMessage('{"v":1,"id":"i","requestId":"r","name":"n","receivedAt":"soon"}\n'),
      /receivedAt/,
    );
  });
});
