import assert from "node:assert/strict";
import { NO_REHEARSAL, rehearsalOf } from "../../../local/rehearsal";
import type { CodedError } from "../../../runtime/coded-error";

const read = (text: string) => rehearsalOf({ NAMI_REHEARSAL: text });

describe("the variable NAMI_REHEARSAL", () => {
  it("asks for no rehearsal when it is not set", () => {
    assert.deepEqual(rehearsalOf({}), NO_REHEARSAL);
    assert.deepEqual(read(""), NO_REHEARSAL);
  });

  it("may have any of its fields", () => {
    assert.deepEqual(read('{"slowSeconds":3}'), { ...NO_REHEARSAL, slowSeconds: 3 });
    const faults = [{ verb: "create", of: "queue", times: 2, error: "no" }];
    const stop = { create: 4, when: "after", how: "hold" };
    assert.deepEqual(read(JSON.stringify({ faults, stop, takeOver: false })), {
      slowSeconds: 0,
      takeOver: false,
      faults,
      stop,
    });
  });

  const wrong: [string, RegExp][] = [
    ["{", /JSON/],
    ['{"slow":3}', /it has no "slow"/],
    ['{"slowSeconds":"long"}', /slowSeconds is a number/],
    ['{"takeOver":1}', /takeOver is true or false/],
    ['{"faults":{}}', /faults is a list/],
    ['{"faults":[{"verb":"make","error":"x"}]}', /verb is one of create, update/],
    ['{"faults":[{"verb":"create"}]}', /a fault has an error/],
    ['{"stop":{"create":0,"when":"after","how":"hold"}}', /stop is/],
    ['{"stop":{"create":1,"when":"later","how":"hold"}}', /stop is/],
  ];
  for (const [text, reason] of wrong) {
    it(`is refused with the reason when it is ${text}`, () => {
      assert.throws(
        () => read(text),
        ({ code, message, exitCode }: CodedError) =>
          code === "REHEARSAL_INVALID" && exitCode === 2 && reason.test(message),
      );
    });
  }
});
