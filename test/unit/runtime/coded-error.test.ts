import assert from "node:assert/strict";
import { errorMaker } from "../../../runtime/coded-error";

describe("a coded error", () => {
  const fail = errorMaker({ GONE: { exitCode: 1, message: "{what} is gone.", hint: "nami up {name}" } });

  it("has message and hint filled in, and an exit code", () => {
    const error = fail("GONE", { what: "The queue", name: "orders" });
    assert.deepEqual(
      [error.code, error.message, error.hint, error.exitCode],
      ["GONE", "The queue is gone.", "nami up orders", 1],
    );
    assert.match(String(error.stack), /The queue is gone/);
  });

  it("keeps its message from who passes it on with a few words before it", () => {
    const error = fail("GONE", { what: "The queue", name: "orders" });
    error.message = `error serializing property "policy": ${error.message}`;
    assert.equal(error.message, "The queue is gone.");
  });
});
