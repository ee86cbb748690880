import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { controlRequest } from "../../local/host/client";
import { CodeStore } from "../../local/host/code-store";
import { paths } from "../../local/paths";
import type { ResourceRecord } from "../../local/protocol";
import { type DemoHome, demoHome } from "../support/home-template";
import { root } from "../support/nami";

/** Of the zips as they are deployed. Bytes. */
const LIMITS: Record<string, number> = {
  "nami-demo-pre-queue": 100_000,
  "nami-demo-post-queue": 500_000,
  "nami-demo-operator": 500_000,
  "nami-demo-watchdog": 100_000,
};

describe("the zips that are deployed for a name", function () {
  this.timeout(120_000);
  let home: DemoHome;
  let functions: ResourceRecord[];
  let secrets: string[];

  before(async () => {
    home = await demoHome();
    const list = (type: string) => controlRequest<ResourceRecord[]>(home.dir, "/resources/list", { type });
    functions = await list("aws:lambda/function:Function");
    const parameters = await list("aws:ssm/parameter:Parameter");
    secrets = parameters
      .filter(({ inputs }) => inputs.type === "SecureString")
      .map(({ inputs }) => String(inputs.value));
  });
  after(() => home?.close());

  const name = ({ urn }: ResourceRecord) => urn.split("::").at(-1)!;
  const folder = ({ inputs }: ResourceRecord) =>
    new CodeStore(join(paths.host(home.dir), "code")).folder(inputs.code as { sha256: string; size: number });
  const files = (dir: string) =>
    readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((file) =>
      statSync(join(dir, file)).isFile(),
    );

  it("stay below the limit of each function", () => {
    assert.deepEqual(functions.map(name).sort(), Object.keys(LIMITS).sort());
    for (const each of functions) {
      const { size } = each.inputs.code as { size: number };
      assert.ok(size > 1_000 && size <= LIMITS[name(each)]!, `${name(each)}: ${size} bytes`);
    }
  });

  it("hold the handler and one bundle, and nothing of the development", () => {
    for (const each of functions) {
      const kind = name(each).replace("nami-demo-", "");
      const [bundle, ...others] = files(folder(each)).sort();
      assert.match(bundle!, new RegExp(`^\\.nami/build/demo/[0-9a-f]{16}/${kind}\\.js$`));
      assert.deepEqual(others, ["__index.js"]);
    }
  });

  it("hold no secret, and nothing of this machine", () => {
    assert.equal(secrets.length, 2);
    for (const each of functions)
      for (const file of files(folder(each))) {
        const text = readFileSync(join(folder(each), file), "utf8");
        for (const trace of [...secrets, root, home.dir, "nami-home-"])
          assert.ok(!text.includes(trace), `${file}: ${trace}`);
      }
  });
});
