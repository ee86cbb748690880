import assert from "node:assert/strict";
import { AwsError } from "../../../../local/host/aws-error";
import type { Created, Passing, ResourceRecord } from "../../../../local/protocol";
import { type Patience, patience } from "../../../../local/provider/patience";
import { NotSettled, PatientHost } from "../../../../local/provider/patient-host";
import type { Host } from "../../../../local/provider/resources";
import { typeTables } from "../../../../local/provider/types";

const TYPE = "aws:x/thing:Thing";
const table: Record<string, Patience> = {
  [TYPE]: {
    bears: [{ on: ["create", "update", "delete"], saying: /^NotYet: soon/, seconds: 5 }],
    waits: { create: 5, update: 5, delete: 5 },
  },
};
const request = { urn: "urn:x", type: TYPE, inputs: {}, known: [] };
const named = { urn: "urn:x", type: TYPE, id: "1", inputs: {}, changed: [] };
const notYet = () => new AwsError("NotYet", "NotYet: soon");

/** A host that plays what it is told, one answer a call, and writes down what it was asked. */
function scripted(script: {
  answers: (Error | Created)[];
  states?: Passing[];
  outputs?: Record<string, unknown>;
}): Host & { asked: string[] } {
  const asked: string[] = [];
  const answer = async (what: string): Promise<Created> => {
    asked.push(what);
    const next = script.answers.shift()!;
    if (next instanceof Error) throw next;
    return next;
  };
  return {
    asked,
    create: () => answer("create"),
    update: () => answer("update"),
    remove: () => answer("remove"),
    read: async () => {
      asked.push("read");
      return { outputs: script.outputs ?? {} } as ResourceRecord;
    },
    list: async () => [],
    state: async () => {
      asked.push("state");
      return script.states?.shift() ?? {};
    },
  };
}

const made = (state?: string): Created => ({ id: "1", outputs: { a: 1 }, ...(state ? { state } : {}) });

describe("the provider on a host with delays", function () {
  this.timeout(10_000);

  it("makes no further calls to a host without delays", async () => {
    const host = scripted({ answers: [made(), made(), made()] });
    const patient = new PatientHost(host, table, 1);
    assert.deepEqual(await patient.create(request), made());
    await patient.update(named);
    await patient.remove(named);
    assert.deepEqual(host.asked, ["create", "update", "remove"]);
  });

  it("repeats a call that is refused for a passing reason", async () => {
    for (const action of ["create", "update", "remove"] as const) {
      const host = scripted({ answers: [notYet(), notYet(), made()] });
      await new PatientHost(host, table, 1)[action]({ ...request, ...named });
      assert.deepEqual(host.asked, [action, action, action]);
    }
  });

  it("repeats no other call, and none for ever", async () => {
    const other = new AwsError("NotYet", "NotYet: never");
    await assert.rejects(new PatientHost(scripted({ answers: [other] }), table).create(request), other);
    const unknown = { ...request, type: "aws:y/other:Other" };
    await assert.rejects(new PatientHost(scripted({ answers: [notYet()] }), table).create(unknown), /NotYet/);
    const impatient = { [TYPE]: { bears: [{ ...table[TYPE]!.bears![0]!, seconds: 0 }] } };
    await assert.rejects(
      new PatientHost(scripted({ answers: [notYet()] }), impatient).create(request),
      /NotYet/,
    );
  });

  it("waits until a resource is ready, and returns its outputs then", async () => {
    const states = [{ state: "Creating" }, { state: "Creating" }, {}];
    const host = scripted({ answers: [made("Creating")], states, outputs: { a: 2 } });
    assert.deepEqual(await new PatientHost(host, table, 1).create(request), { id: "1", outputs: { a: 2 } });
    assert.deepEqual(host.asked, ["create", "state", "state", "state", "read"]);
  });

  it("waits until a deleted resource is gone", async () => {
    const host = scripted({ answers: [made("Deleting")], states: [{ state: "Deleting" }, {}] });
    await new PatientHost(host, table, 1).remove(named);
    assert.deepEqual(host.asked, ["remove", "state", "state"]);
  });

  it("does not wait where the AWS provider does not wait", async () => {
    const host = scripted({ answers: [made("propagating")] });
    await new PatientHost(host, { [TYPE]: {} }).create(request);
    assert.ok(!host.asked.includes("state"));
  });

  it("keeps the id of a resource that was created and does not become ready", async () => {
    const host = scripted({ answers: [made("Creating")], states: [{ state: "Creating" }] });
    const impatient = { [TYPE]: { waits: { create: 0 } } };
    await assert.rejects(
      new PatientHost(host, impatient).create(request),
      (error) =>
        error instanceof NotSettled && error.id === "1" && /last state: 'Creating'/.test(error.message),
    );
  });
});

describe("the patience of the AWS provider", () => {
  it("is defined for known types only", () => {
    const types = typeTables.map(({ type }) => type);
    assert.deepEqual(
      Object.keys(patience).filter((type) => !types.includes(type)),
      [],
    );
  });

  const texts: [string, "create" | "update" | "delete", string][] = [
    [
      "aws:lambda/function:Function",
      "create",
      "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
    ],
    [
      "aws:lambda/function:Function",
      "update",
      "ResourceConflictException: The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:us-east-1:000000000000:function:x",
    ],
    [
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      "create",
      "InvalidParameterValueException: The provided execution role does not have permissions to call ReceiveMessage on SQS",
    ],
    [
      "aws:ec2/instance:Instance",
      "create",
      "InvalidParameterValue: Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
    ],
    [
      "aws:ec2/securityGroup:SecurityGroup",
      "delete",
      "DependencyViolation: resource sg-0 has a dependent object",
    ],
  ];
  for (const [type, action, text] of texts) {
    it(`repeats a call after "${text.slice(0, 60)}…"`, () => {
      const rules = patience[type]!.bears!.filter(({ on }) => on.includes(action));
      assert.ok(rules.some(({ saying }) => saying.test(text)));
    });
  }

  it("does not repeat a call after a function name that is taken", () => {
    const [rule] = patience["aws:lambda/function:Function"]!.bears!;
    assert.ok(!rule!.saying.test("ResourceConflictException: Function already exist: x"));
  });
});
