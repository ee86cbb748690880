import assert from "node:assert/strict";
import { resources, type TestHost, testHost } from "../../../../support/host";

const POLICY = "aws:dlm/lifecyclePolicy:LifecyclePolicy";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const VOLUME = "aws:ebs/volume:Volume";

const SNAPSHOTS = "arn:aws:ec2:us-east-1::snapshot/*";

interface Statement {
  Action: string[];
  Resource: string | string[];
  Condition?: object;
}

describe("a lifecycle policy", () => {
  let local: TestHost;
  let volumeArn: string;
  beforeEach(async () => {
    local = await testHost();
    await makeRole("dlm.amazonaws.com");
    const tags = { "nami:name": "orders" };
    const volume = await create(VOLUME, "data", { availabilityZone: "us-east-1a", size: 20, tags });
    volumeArn = String(volume.outputs.arn);
  });
  afterEach(() => local.remove());

  const create = (...args: Parameters<ReturnType<typeof resources>["create"]>) =>
    resources(local).create(...args);
  const makeRole = (Service: string) => {
    const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } };
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    return create(ROLE, `role-${Service}`, { name: Service, assumeRolePolicy });
  };
  const right = (): Statement[] => [
    { Action: ["ec2:DescribeVolumes", "ec2:DescribeInstances", "ec2:DescribeSnapshots"], Resource: "*" },
    { Action: ["ec2:CreateSnapshot"], Resource: [volumeArn, SNAPSHOTS] },
    { Action: ["ec2:DeleteSnapshot", "ec2:CreateTags"], Resource: SNAPSHOTS },
  ];
  const allow = (statements: Statement[]) => {
    const policy = {
      Version: "2012-10-17",
      Statement: statements.map((one) => ({ Effect: "Allow", ...one })),
    };
    const inputs = { name: "p", role: "dlm.amazonaws.com", policy: JSON.stringify(policy) };
    return create(ROLE_POLICY, "p", inputs);
  };
  const make = (changes: object = {}, role = "dlm.amazonaws.com") =>
    create(POLICY, "snapshots", {
      description: "Snapshots of orders",
      executionRoleArn: `arn:aws:iam::000000000000:role/${role}`,
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags: { "nami:name": "orders" },
        schedules: [
          {
            name: "daily",
            createRule: { interval: 24, times: "03:00" },
            retainRule: { count: 7 },
            tagsToAdd: { "nami:snapshot": "daily" },
          },
        ],
      },
      ...changes,
    });
  const report = () => local.host.status().lifecyclePolicies[0]!;

  it("is ENABLED when its role may do what DLM does, though no snapshot is taken here", async () => {
    await allow(right());
    const { id, outputs } = await make({ tags: { a: "b" } });
    assert.match(id, /^policy-0[0-9a-f]{16}$/);
    const arn = `arn:aws:dlm:us-east-1:000000000000:policy/${id}`;
    assert.deepEqual(outputs, { arn });
    assert.deepEqual(report(), {
      id,
      arn,
      description: "Snapshots of orders",
      state: "ENABLED",
      tags: { a: "b" },
    });
    assert.deepEqual((await resources(local).read(POLICY, id)).outputs, { arn });
  });

  const without = (action: string) => (statements: Statement[]) =>
    statements
      .map((one) => ({ ...one, Action: one.Action.filter((name) => name !== action) }))
      .filter(({ Action }) => Action.length > 0);
  const onlyOn = (resource: () => string) => (statements: Statement[]) =>
    statements.map((one) =>
      one.Action[0] === "ec2:CreateSnapshot" ? { ...one, Resource: resource() } : one,
    );
  const broken: [what: string, change: (statements: Statement[]) => Statement[], reason: RegExp][] = [
    ...[
      "DescribeVolumes",
      "DescribeInstances",
      "DescribeSnapshots",
      "CreateSnapshot",
      "DeleteSnapshot",
      "CreateTags",
    ].map((name): (typeof broken)[number] => [
      `without ec2:${name}`,
      without(`ec2:${name}`),
      new RegExp(`assumed-role/dlm.amazonaws.com/dlm is not authorized to perform: ec2:${name} `),
    ]),
    [
      "that may not read the volume",
      onlyOn(() => SNAPSHOTS),
      /ec2:CreateSnapshot on resource: arn:aws:ec2:us-east-1:000000000000:volume\/vol-/,
    ],
    [
      "that may not make snapshots",
      onlyOn(() => volumeArn),
      /ec2:CreateSnapshot on resource: arn:aws:ec2:us-east-1::snapshot\//,
    ],
    ["that has no policy at all", () => [], /ec2:DescribeVolumes/],
  ];
  for (const [what, change, reason] of broken) {
    it(`is in ERROR with a role ${what}`, async () => {
      const statements = change(right());
      if (statements.length > 0) await allow(statements);
      const { id } = await make();
      assert.equal(report().state, "ERROR");
      assert.match(report().reason!, reason);
      assert.equal((await resources(local).read(POLICY, id)).outputs.state, "ERROR");
    });
  }

  it("is in ERROR with a role that does not trust DLM, and is refused without a role", async () => {
    await makeRole("lambda.amazonaws.com");
    await make({}, "lambda.amazonaws.com");
    assert.match(report().reason!, /cannot be assumed by dlm\.amazonaws\.com/);
    await assert.rejects(make({}, "nobody"), /InvalidRequestException/);
  });

  it("leaves ERROR as soon as its role has the permissions", async () => {
    const { id } = await make();
    assert.equal(report().state, "ERROR");
    await allow(right());
    assert.equal(report().state, "ENABLED");
    assert.equal((await resources(local).read(POLICY, id)).outputs.state, undefined);
  });

  it("asks nothing of a role while it is disabled", async () => {
    await make({ state: "DISABLED" });
    assert.deepEqual([report().state, report().reason], ["DISABLED", undefined]);
  });

  it("needs a role that may set the tags of its snapshots", async () => {
    const tagged = (Condition: object) => [
      ...right().slice(0, 2),
      {
        Action: ["ec2:CreateTags"],
        Resource: SNAPSHOTS,
        Condition: { StringEquals: { "ec2:CreateAction": "CreateSnapshot" } },
      },
      { Action: ["ec2:DeleteSnapshot"], Resource: SNAPSHOTS, Condition },
    ];
    const { id } = await make();
    const made = await allow(tagged({ StringEquals: { "aws:ResourceTag/nami:snapshot": "daily" } }));
    assert.equal(report().state, "ENABLED");
    await resources(local).update(ROLE_POLICY, "p", made.id, {
      name: "p",
      role: "dlm.amazonaws.com",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: tagged({ StringEquals: { "aws:ResourceTag/nami:snapshot": "weekly" } }).map((one) => ({
          Effect: "Allow",
          ...one,
        })),
      }),
    });
    assert.match(report().reason!, /ec2:DeleteSnapshot/);
    assert.ok(id);
  });
});
