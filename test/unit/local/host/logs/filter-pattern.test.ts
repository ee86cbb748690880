import assert from "node:assert/strict";
import { EventText } from "../../../../../local/host/logs/event-text";
import { parsePattern } from "../../../../../local/host/logs/filter-pattern";

const matches = (pattern: string, text: string | object) =>
  parsePattern(pattern)(new EventText(typeof text === "string" ? text : JSON.stringify(text)));

const REQUEST = {
  route: "ANY /orders",
  status: "503",
  latency: 12.5,
  path: "/orders/Ev*ent",
  "api-key_id": "k",
  user: { id: 7, tags: ["a"] },
  none: null,
};

describe("a filter pattern", () => {
  const json: [pattern: string, matches: boolean][] = [
    ['{ $.route = "ANY /orders" }', true],
    ['{ $.route = "ANY /order" }', false],
    ['{ $.route != "ANY /order" }', true],
    ['{ $.route != "ANY /orders" }', false],
    ['{$.route="ANY /orders"}', true],
    ['{ $.status = "5*" }', true],
    ["{ $.status = 5* }", true],
    ["{ $.status = *3 }", true],
    ["{ $.status = *0* }", true],
    ["{ $.status = * }", true],
    ["{ $.status != 5* }", false],
    ['{ $.status = "4*" }', false],
    // An asterisk in the middle is one.
    ['{ $.path = "/orders/Ev*ent" }', true],
    ['{ $.path = "/ord*ent" }', false],
    ["{ $.api-key_id = k }", true],
    ["{ $.latency = 12.5 }", true],
    ["{ $.latency = 1.25e1 }", true],
    ["{ $.latency = +12.5 }", true],
    ["{ $.latency != 12 }", true],
    ["{ $.latency > 12 }", true],
    ["{ $.latency > 12.5 }", false],
    ["{ $.latency >= 12.5 }", true],
    ["{ $.latency < 13 }", true],
    ["{ $.latency <= -13 }", false],
    ["{ $.latency = * }", true],
    ["{ $.latency = 12* }", true],
    // A quoted literal is text, and a number is none; text is no number.
    ['{ $.latency = "12.5" }', false],
    ["{ $.status > 500 }", false],
    ["{ $.status = 503 }", true],
    ["{ $.user.id = 7 }", true],
    ["{ $.user.id = 8 }", false],
    // What is absent, or neither text nor number, is neither equal nor unequal.
    ["{ $.missing = * }", false],
    ["{ $.missing != 1 }", false],
    ["{ $.user != 1 }", false],
    ["{ $.user.tags != 1 }", false],
    ["{ $.user.id.deeper = 7 }", false],
    ["{ $.none = null }", false],
    ["{ $.constructor = * }", false],
    ['{ ($.route = "ANY /orders") && ($.status = "5*") }', true],
    ['{ ($.route = "ANY /orders") && ($.status = "4*") }', false],
    ["{ $.status = 4* || $.latency > 10 }", true],
    // && binds before ||.
    ["{ $.latency > 10 || $.status = 4* && $.user.id = 8 }", true],
    ["{ ($.latency > 10 || $.status = 4*) && $.user.id = 8 }", false],
    ["{ (($.user.id = 7)) }", true],
  ];
  for (const [pattern, expected] of json) {
    it(`of JSON, ${pattern}, ${expected ? "matches" : "does not match"} the request`, () => {
      assert.equal(matches(pattern, REQUEST), expected);
    });
  }

  it("takes a quoted mark literally", () => {
    assert.equal(matches('{ $.a = "say \\"hi\\"" }', { a: 'say "hi"' }), true);
  });

  it("of JSON matches no other text", () => {
    for (const text of ["", "status 503", "[1]", '"x"', '2026\tINFO\t{"status":"503"}', '{"status":"503"']) {
      assert.equal(matches("{ $.status = * }", text), false, text);
    }
  });

  const terms: [pattern: string, text: string, matches: boolean][] = [
    ["", "anything", true],
    ["ERROR", "an ERROR here", true],
    ["ERROR", "an error here", false],
    ["ERROR disk", "disk ERROR", true],
    ["ERROR disk", "ERROR", false],
    ['"disk full"', "the disk full", true],
    ['"disk full"', "full disk", false],
    ["ERROR -disk", "ERROR disk", false],
    ['ERROR -"disk full"', "ERROR disk", true],
    ["?ERROR ?WARN", "a WARN", true],
    ["?ERROR ?WARN", "a note", false],
  ];
  for (const [pattern, text, expected] of terms) {
    it(`of terms, ${JSON.stringify(pattern)}, ${expected ? "matches" : "does not match"} "${text}"`, () => {
      assert.equal(matches(pattern, text), expected);
    });
  }

  const refused = [
    "{ $.a = 1",
    "{ }",
    "{ $.a }",
    "{ $.a = }",
    "{ $.a == 1 }",
    "{ a = 1 }",
    "{ $ = 1 }",
    "{ $. = 1 }",
    "{ $.a > x }",
    '{ $.a > "1" }',
    "{ $.a = 1 && }",
    "{ $.a = 1 $.b = 2 }",
    "{ ($.a = 1 }",
    "{ $.a = 1) }",
    "{ $.a = ) }",
    "{ $.a = $.b }",
    "{ $.a = @ }",
    '{ $.a = "open }',
    // Known to AWS, not to this host: refused rather than misread.
    "{ $.a IS TRUE }",
    "{ $.a NOT EXISTS }",
    "{ $.a[0] = 1 }",
    "{ $.a = %5..% }",
    "[ip, status = 5*]",
    "%ERR.*%",
    "user@example.com",
    '"open',
    "x".repeat(1025),
  ];
  for (const pattern of refused) {
    it(`is refused when it is ${pattern.slice(0, 40)}`, () => {
      assert.throws(() => parsePattern(pattern), { code: "InvalidParameterException" });
    });
  }
});
