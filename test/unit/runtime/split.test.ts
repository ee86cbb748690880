import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { decodeMessage, encodeMessage, MessageTooLarge } from "../../../runtime/message";
import { encodeMessages } from "../../../runtime/split";
import { LIMIT, messageFacts } from "../../support/messages";

const facts = messageFacts();
const encode = (raw: Buffer, limit = LIMIT) => encodeMessages(facts, raw, limit);
const joined = (messages: string[]) => Buffer.concat(messages.map((message) => decodeMessage(message).raw));

describe("an event as messages", () => {
  it("is one message, as before, up to the limit's last byte", () => {
    const room = LIMIT - Buffer.byteLength(encodeMessage(facts, Buffer.alloc(0), LIMIT));
    const fitting = Buffer.alloc(room, "a");
    assert.deepEqual(encode(fitting), [encodeMessage(facts, fitting, LIMIT)]);
    assert.equal(encode(Buffer.alloc(room + 1, "a")).length, 2);
  });

  const bodies: Record<string, Buffer> = {
    "1.1 MB of text": Buffer.alloc(1_100_000, "abc"),
    "5.9 MB of JSON": Buffer.from(JSON.stringify({ list: Array(1_180_000).fill(1234) })),
    "text of four-byte characters": Buffer.from("😀".repeat(400_000)),
    "text of three-byte characters, one byte off": Buffer.from(`a${"€".repeat(700_000)}`),
    "4.4 MB of random bytes": randomBytes(4_400_000),
    "text with a character that the queue refuses": Buffer.from(`\u0001${"é".repeat(600_000)}`),
    "a byte order mark": Buffer.from(`\uFEFF${"x".repeat(1_200_000)}`),
  };
  for (const [name, raw] of Object.entries(bodies)) {
    it(`becomes parts that fit and make the same bytes for ${name}`, () => {
      const messages = encode(raw);
      assert.ok(messages.length > 1);
      for (const [i, message] of messages.entries()) {
        assert.ok(Buffer.byteLength(message) <= LIMIT, `part ${i + 1}`);
        const { part, ...meta } = decodeMessage(message).meta;
        assert.deepEqual({ ...meta, encoding: undefined }, { v: 1, ...facts, encoding: undefined });
        assert.equal(part?.number, i + 1);
        assert.equal(part?.of, messages.length);
        assert.equal(part?.bytes, raw.length);
      }
      assert.ok(joined(messages).equals(raw));
    });
  }

  it("is text in each part where the body is text", () => {
    const messages = encode(bodies["text of four-byte characters"]!);
    assert.ok(messages.every((message) => decodeMessage(message).meta.encoding === "text"));
  });

  it("becomes parts of any size, for bodies of any length", () => {
    const limit = 900;
    for (let length = 500; length < 6000; length += 37) {
      for (const raw of [randomBytes(length), Buffer.from("é".repeat(length / 2))]) {
        const messages = encode(raw, limit);
        assert.ok(messages.every((message) => Buffer.byteLength(message) <= limit));
        assert.ok(joined(messages).equals(raw));
      }
    }
  });

  it("is too large when the metadata alone fills a message, or parts would be countless", () => {
    assert.throws(() => encode(Buffer.alloc(1000, "x"), 400), MessageTooLarge);
    assert.throws(() => encode(Buffer.alloc(1_000_000, "x"), 1000), /bytes; the limit is 1000/);
  });

  it("says which part a message of another origin is not", () => {
    const [message] = encode(Buffer.alloc(1_100_000, "x"));
    for (const wrong of ['"number":0', '"number":3', '"number":"1"'])
      assert.throws(() => decodeMessage(message!.replace('"number":1', wrong)), /which part/);
  });
});
