import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Operator } from "../../cli/operate/operator";
import { ROUNDS_FORGIVEN } from "../../infra/alarms/alarm-list";
import { controlRequest } from "../../local/host/client";
import { paths } from "../../local/paths";
import type { HostStatus, ResourceRecord } from "../../local/protocol";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, storedEvents, up } from "../support/nami";
import { operatorOf } from "../support/operate";
import { post } from "../support/post";

interface Statement {
  Action: string | string[];
}

const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const FUNCTION = "aws:lambda/function:Function";

/** What stands for a statement that is taken out, for a policy without any is no policy: one that allows nothing we need. */
function harmless(statement: object, type: string): object {
  if (type === ROLE_POLICY) return { Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" };
  return { ...statement, Action: "sns:GetTopicAttributes" };
}

const logicalName = ({ urn }: ResourceRecord) => urn.split("::").at(-1)!;

describe("every statement of every policy", function () {
  this.timeout(300_000);
  let home: DemoHome;
  let url: string;
  let operator: Operator;
  let records: ResourceRecord[];
  let posted = 0;

  const list = (type: string) => controlRequest<ResourceRecord[]>(home.dir, "/resources/list", { type });
  const host = () => json<HostStatus>(home.dir, ["host", "status"]);
  const send = () => post(url, "{}", { "webhook-id": `${posted++}` });

  before(async () => {
    home = await demoHome();
    url = await up(home.dir, "demo", "--snapshots", "7");
    operator = await operatorOf(home.dir, "demo");
    const types = [
      ROLE_POLICY,
      FUNCTION,
      "aws:ec2/instance:Instance",
      "aws:ebs/volume:Volume",
      "aws:ec2/volumeAttachment:VolumeAttachment",
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:lambda/permission:Permission",
    ];
    records = (await Promise.all(types.map(list))).flat();
  });
  after(async () => {
    operator?.close();
    await home?.close();
  });

  const record = (type: string, name: string) => {
    const found = records.find((each) => each.type === type && logicalName(each) === name);
    assert.ok(found, `${type} ${name}`);
    return found;
  };
  const write = ({ urn, id, type, inputs }: ResourceRecord, changed: object) =>
    controlRequest(home.dir, "/resources/update", { urn, id, type, inputs: { ...inputs, ...changed } });

  /** Behind Pulumi's back, as a person in AWS's console would. */
  async function without(policy: ResourceRecord, index: number, during: () => Promise<void>): Promise<void> {
    const document = JSON.parse(String(policy.inputs.policy)) as { Statement: object[] };
    const Statement = document.Statement.map((each, i) => (i === index ? harmless(each, policy.type) : each));
    await write(policy, { policy: JSON.stringify({ ...document, Statement }) });
    try {
      await during();
    } finally {
      await write(policy, {});
    }
  }

  /** AWS asks what a role may when a function is made or changed. */
  const isRefusedInTheVpc = (name: string) => () =>
    assert.rejects(
      write(record(FUNCTION, name), {}),
      /does not have permissions to call \w+NetworkInterface/,
    );

  const calls = {
    "nami-demo-pre-queue": ["preQueue", send],
    "nami-demo-post-queue": ["postQueue", send],
    "nami-demo-operator": ["operator", () => operator.invoke({ action: "health" })],
    "nami-demo-watchdog": ["watchdog", () => operator.watch("look")],
  } as const;

  const logLength = async (name: keyof typeof calls) =>
    (await home.functionLog("demo", calls[name][0])).length;

  /** The worker runs some time after an event is sent; the others have run when they are called. */
  async function run(name: keyof typeof calls): Promise<void> {
    const stored = async () => (await storedEvents(home.dir, "demo")).length;
    const before = await stored();
    await calls[name][1]();
    if (name === "nami-demo-post-queue")
      assert.ok((await eventually(stored, (count) => count > before, 30)) > before);
  }

  /** What is still written of what was before has time to be. */
  const isNotLogged = (name: keyof typeof calls) => async () => {
    await sleep(500);
    const before = await logLength(name);
    await run(name);
    await sleep(1_500);
    assert.equal(await logLength(name), before);
  };

  /** A machine that boots for the first time, beside the one there is, on an empty volume. */
  async function firstBoot(): Promise<string> {
    const create = async (like: ResourceRecord, inputs: object) => {
      const urn = `${like.urn}-second`;
      const body = { urn, type: like.type, inputs: { ...like.inputs, ...inputs }, known: [] };
      const { id } = await controlRequest<{ id: string }>(home.dir, "/resources/create", body);
      return {
        id,
        remove: () => controlRequest(home.dir, "/resources/delete", { urn, id, type: like.type }),
      };
    };
    const [instance, volume, attachment] = ["Instance", "Volume", "VolumeAttachment"].map(
      (type) => records.find((each) => each.type.endsWith(`:${type}`))!,
    ) as [ResourceRecord, ResourceRecord, ResourceRecord];
    const disk = await create(volume, {});
    const userData = String(instance.inputs.userData).replaceAll(volume.id, disk.id);
    const machine = await create(instance, { userData });
    await create(attachment, { instanceId: machine.id, volumeId: disk.id });
    const journal = join(paths.host(home.dir), "instances", machine.id, "journal.log");
    const said = async () => (existsSync(journal) ? readFileSync(journal, "utf8") : "");
    const words = await eventually(said, (text) => /ssm:GetParameter/.test(text), 60);
    await machine.remove();
    return words;
  }

  const isSnapshotless = async () => {
    const [policy] = (await host()).lifecyclePolicies;
    assert.equal(policy!.state, "ERROR");
  };

  /** By policy and first action: what fails without the statement. */
  const proofs: Record<string, () => Promise<unknown>> = {
    "nami-demo-pre-queue sqs:SendMessage": async () => assert.equal((await send()).status, 503),
    "nami-demo-pre-queue logs:CreateLogStream": isNotLogged("nami-demo-pre-queue"),
    "nami-demo-post-queue sqs:ReceiveMessage": async () => {
      await send();
      const mapping = await eventually(
        () => operator.mapping(),
        ({ lastResult }) => /sqs:ReceiveMessage/.test(lastResult),
        60,
      );
      assert.match(mapping.lastResult, /PROBLEM.*sqs:ReceiveMessage/);
    },
    "nami-demo-post-queue logs:CreateLogStream": isNotLogged("nami-demo-post-queue"),
    "nami-demo-post-queue-network ec2:DescribeNetworkInterfaces": isRefusedInTheVpc("nami-demo-post-queue"),
    "nami-demo-post-queue-network ec2:CreateNetworkInterface": isRefusedInTheVpc("nami-demo-post-queue"),
    "nami-demo-post-queue-network ec2:DeleteNetworkInterface": isRefusedInTheVpc("nami-demo-post-queue"),
    "nami-demo-operator logs:CreateLogStream": isNotLogged("nami-demo-operator"),
    "nami-demo-operator-network ec2:DescribeNetworkInterfaces": isRefusedInTheVpc("nami-demo-operator"),
    "nami-demo-operator-network ec2:CreateNetworkInterface": isRefusedInTheVpc("nami-demo-operator"),
    "nami-demo-operator-network ec2:DeleteNetworkInterface": isRefusedInTheVpc("nami-demo-operator"),
    "nami-demo-watchdog lambda:InvokeFunction": () =>
      assert.rejects(operator.watch("look"), /not authorized to perform: lambda:InvokeFunction/),
    "nami-demo-watchdog lambda:GetEventSourceMapping": () =>
      assert.rejects(operator.watch("look"), /lambda:GetEventSourceMapping/),
    "nami-demo-watchdog ssm:GetParameter": () => assert.rejects(operator.watch("look"), /ssm:GetParameter/),
    "nami-demo-watchdog logs:CreateLogStream": isNotLogged("nami-demo-watchdog"),
    "nami-demo-mongo-host ssm:GetParameter": async () =>
      assert.match(await firstBoot(), /not authorized to perform: ssm:GetParameter/),
    "nami-demo-snapshots ec2:CreateSnapshot": isSnapshotless,
    "nami-demo-snapshots ec2:DeleteSnapshot": isSnapshotless,
    "nami-demo-snapshots ec2:DescribeVolumes": isSnapshotless,
  };

  const statements = (policy: ResourceRecord) =>
    (JSON.parse(String(policy.inputs.policy)) as { Statement: Statement[] }).Statement.map(
      ({ Action }) => `${logicalName(policy)} ${[Action].flat()[0]}`,
    );

  it("is one of those whose need is shown here", () => {
    const policies = records.filter(({ type }) => type === ROLE_POLICY);
    assert.deepEqual(policies.flatMap(statements).sort(), Object.keys(proofs).sort());
  });

  it("lets every call leave a line in its function's log", async () => {
    for (const name of Object.keys(calls) as (keyof typeof calls)[]) {
      const before = await logLength(name);
      await run(name);
      const grown = await eventually(
        () => logLength(name),
        (length) => length > before,
        30,
      );
      assert.ok(grown > before, name);
    }
  });

  // Before the others: an alarm tells of going off once, and some of them are alarming.
  it("sns:Publish of the topic: without it nobody is told, which the alarm says", async () => {
    const topic = record("aws:sns/topicPolicy:TopicPolicy", "nami-demo-alarms");
    const watchdog = record(ROLE_POLICY, "nami-demo-watchdog");
    await without(topic, 0, () =>
      without(watchdog, statements(watchdog).indexOf("nami-demo-watchdog ssm:GetParameter"), async () => {
        for (let round = 0; round <= ROUNDS_FORGIVEN; round++) await assert.rejects(operator.watch("look"));
        const ringing = async () =>
          (await host()).alarms.find(
            ({ name, state, actionError }) =>
              /-watchdog-errors-/.test(name) && state === "ALARM" && actionError,
          );
        const alarm = await eventually(ringing, (found) => found !== undefined, 60);
        assert.match(alarm?.actionError ?? "", /Failed to execute action arn:aws:sns/);
      }),
    );
  });

  for (const [statement, proof] of Object.entries(proofs)) {
    it(`${statement}: without it something fails`, async () => {
      const [name] = statement.split(" ") as [string];
      const policy = record(ROLE_POLICY, name);
      await without(policy, statements(policy).indexOf(statement), async () => void (await proof()));
    });
  }

  it("lambda:InvokeFunction for the gateway: without it the sender is answered 500", async () => {
    const { urn, id, type } = record("aws:lambda/permission:Permission", "nami-demo-invoke");
    await controlRequest(home.dir, "/resources/delete", { urn, id, type });
    assert.equal((await send()).status, 500);
  });

  it("lambda:InvokeFunction for the clock: without it the watchdog is not started, which the host's log says", async () => {
    const { urn, id, type } = record("aws:lambda/permission:Permission", "nami-demo-watchdog");
    await controlRequest(home.dir, "/resources/delete", { urn, id, type });
    const log = async () => readFileSync(paths.hostLog(home.dir), "utf8");
    const denied = /rule nami-demo-watchdog-\S+ -> .*not authorized to perform: lambda:InvokeFunction/;
    assert.match(await eventually(log, (text) => denied.test(text), 90), denied);
  });
});
