import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { withTypeScript } from "../../support/register";

describe("the option schema", function () {
  this.timeout(60_000);

  it("the option schema loads nothing of Pulumi, so that help and ls stay fast", () => {
    const code = `
      for (const file of ["options", "option-values", "resolve-options", "stack-config", "options-page", "errors"])
        require("./infra/" + file);
      process.stdout.write(Object.keys(require.cache).filter((path) => path.includes("@pulumi")).join());`;
    const out = execFileSync(process.execPath, [...withTypeScript, "-e", code], {
      encoding: "utf8",
    });
    assert.equal(out, "");
  });
});
