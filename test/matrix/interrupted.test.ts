import { type DemoHome, demoHome } from "../support/home-template";
import { mends, upCutBy } from "../support/interrupted-up";

describe("an `up` that Ctrl+C interrupts between its stacks", function () {
  this.timeout(300_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  it("as its pipeline is begun exits 130, and the next up mends the name", async () => {
    await upCutBy("SIGINT", home.dir, "begun", /^Pipeline /m);
    await mends(home.dir, "begun");
  });
});
