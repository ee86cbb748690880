import assert from "node:assert/strict";
import { FunctionLog } from "../../../../../local/host/functions/function-log";
import { createIam, type LocalIam } from "../../../../../local/host/iam/iam";
import type { Iam, PolicyStatement } from "../../../../../local/host/services";
import { codeDir, functionSpec, MemoryLogs, realClock } from "../../../../support/functions";
import { functionsIn } from "../../../../support/local-functions";
import { scratchFolder } from "../../../../support/scratch";

const ROLE = "orders-role";
const GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/orders";

describe("the log of a function", () => {
  let dir: string;
  let iam: LocalIam;
  let logs: MemoryLogs;
  let told: string[];
  beforeEach(() => {
    dir = scratchFolder("nami-log-");
    iam = createIam({ dir, clock: realClock });
    const Principal = { Service: "lambda.amazonaws.com" };
    iam.putRole(ROLE, { Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }] });
    logs = new MemoryLogs();
    told = [];
  });

  const log = (text: string) => void told.push(text);
  const open = (as: Iam = iam) =>
    new FunctionLog(functionSpec({}), "stream", { iam: as, logs, log, silenced: new Set() });
  const allow = (Action: string[], Resource: string) => {
    const statement: PolicyStatement = { Effect: "Allow", Action, Resource };
    iam.putRolePolicy(ROLE, "logs", { Statement: [statement] });
  };
  const BOTH = ["logs:CreateLogStream", "logs:PutLogEvents"];
  const texts = () => logs.lines.map(({ text }) => text);

  for (const [what, actions, resource, written] of [
    ["both actions on the group's streams", BOTH, `${GROUP}:*`, true],
    ["both actions on everything", BOTH, "*", true],
    ["events without streams", ["logs:PutLogEvents"], `${GROUP}:*`, false],
    ["streams without events", ["logs:CreateLogStream"], `${GROUP}:*`, false],
    ["the group itself, without its streams", BOTH, GROUP, false],
    ["another group", BOTH, `${GROUP}-other:*`, false],
  ] as [string, string[], string, boolean][]) {
    it(`is ${written ? "written" : "not written"} where the role has permission for ${what}`, () => {
      allow(actions, resource);
      open().write("hello");
      assert.deepEqual(texts(), written ? ["hello"] : []);
    });
  }

  it("tells the host once why it is not written, and follows the policy from one line to the next", () => {
    const function1 = open();
    function1.write("lost");
    function1.write("lost");
    assert.equal(told.length, 1);
    assert.match(
      told[0]!,
      /nothing of function orders is logged: .*role\/orders-role\/orders is not authorized to perform: logs:CreateLogStream/,
    );
    allow(BOTH, "*");
    function1.write("first");
    iam.removeRolePolicy(ROLE, "logs");
    function1.write("lost");
    assert.deepEqual(texts(), ["first"]);
    assert.equal(told.length, 2);
  });

  it("asks IAM once per change, not once per line", () => {
    allow(BOTH, "*");
    let asked = 0;
    const counting = new Proxy(iam, {
      get: (of, name) => {
        if (name === "authorize") asked += 1;
        const value = Reflect.get(of, name);
        return typeof value === "function" ? value.bind(of) : value;
      },
    });
    const counted = open(counting);
    for (let i = 0; i < 100; i++) counted.write("line");
    assert.deepEqual([asked, texts().length], [2, 100]);
  });

  it("leaves the lines of the platform out, too, without permission", async () => {
    const functions = functionsIn(dir, { iam, logs, log });
    functions.put(functionSpec({ codeDir: codeDir("exports.handler = async () => console.log('hello')") }));
    try {
      for (let i = 0; i < 2; i++) await functions.invoke("orders", "{}");
      assert.deepEqual([texts(), told.length], [[], 1]);
      allow(BOTH, `${GROUP}:*`);
      await functions.invoke("orders", "{}");
      assert.deepEqual(
        texts().map((text) => /START|hello|END|REPORT/.exec(text)?.[0]),
        ["START", "hello", "END", "REPORT"],
      );
    } finally {
      await functions.close();
    }
  });
});
