// mocha's spec reporter, which also says at once why a test failed: a long suite is not to be waited for. It leaves its
// figures in a file for tools/test.js.

const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.on(Runner.constants.EVENT_TEST_FAIL, (_test, error) => {
      console.log(String(error.stack ?? error).replace(/^/gm, "       "));
    });
    const figures = process.env.NAMI_TEST_FIGURES;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      if (figures) writeFileSync(figures, JSON.stringify({ passes, failures, pending }));
    });
  }
}

module.exports = Reporter;
