import assert from "node:assert/strict";
import { type ControlOptions, startControl } from "../../../../local/host/control";

describe("the control endpoint", () => {
  it("accepts a stop over a connection that does not outlive the answer", async () => {
    let stop: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const options = { token: "t", stop, onError: assert.fail } as unknown as ControlOptions;
    const control = await startControl(options);
    const answer = await fetch(`${control.url}/stop`, {
      ...{ method: "POST", headers: { authorization: "Bearer t" } },
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("connection"), "close");
    await stopped;
    await control.close();
  });
});
