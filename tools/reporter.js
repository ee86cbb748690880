// mocha's spec reporter, which also says at once why a test failed, leaves its figures in a file for tools/test.js, and holds
// the tests to leaving nothing open: a process that does not end by itself after its last test has not passed.

const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

/** What is closing may take. Milliseconds. */
const OPEN_MS = 15_000;

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
      setTimeout(() => {
        console.log(`still open after the last test: ${process.getActiveResourcesInfo().join(", ")}`);
        process.exit(1);
      }, OPEN_MS).unref();
    });
  }
}

module.exports = Reporter;
