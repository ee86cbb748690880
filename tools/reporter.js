// mocha's spec reporter, which also leaves its figures in a file for tools/test.js.

const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(process.env.NAMI_TEST_FIGURES, JSON.stringify({ passes, failures, pending }));
    });
  }
}

module.exports = Reporter;
