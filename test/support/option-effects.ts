import { join } from "node:path";
import { type OptionName, optionsOf } from "../../infra/options";
import { freePort } from "./home";

export type Action = "create" | "update" | "replace" | "delete";

export interface Preview {
  changes: Partial<Record<Action, number>>;
  stacks: {
    changes: { action: Action; type: string; name: string; properties: { path: string }[] }[];
  }[];
}

export interface Effect {
  value(home: string): string | Promise<string>;
  /** `update Type.path`, else `create`, `delete` or `replace Type`; several where several depend on it. */
  changes: string[];
  /** What depends on the new host's address is updated only if that is another one, which nobody knows before. */
  newHost?: true;
  /** Options that the name has before, as typed. */
  needs?: string[];
}

/** While a host takes the place of another, nothing is taken out of the queue. */
const NEW_HOST = [
  "replace EventSourceMapping",
  "replace Instance",
  "replace Parameter",
  "replace VolumeAttachment",
  "update Function.environment.variables",
  "update RolePolicy.policy",
];

export const effects: Partial<Record<OptionName, Effect>> = {
  preQueueMemory: { value: () => "512", changes: ["update Function.memorySize"] },
  preQueueTimeout: { value: () => "12s", changes: ["update Function.timeout"] },
  postQueueMemory: { value: () => "1024", changes: ["update Function.memorySize"] },
  postQueueTimeout: {
    value: () => "20s",
    changes: ["update Function.timeout", "update Queue.visibilityTimeoutSeconds"],
  },
  successStatus: { value: () => "202", changes: ["update Function.code"] },
  verify: {
    value: () => "asana",
    changes: ["create MetricAlarm", "update Dashboard.dashboardBody", "update Function.code"],
  },
  preQueue: { value: (home) => join(home, "pre.ts"), changes: ["update Function.code"] },
  postQueue: { value: (home) => join(home, "post.ts"), changes: ["update Function.code"] },
  concurrency: { value: () => "7", changes: ["update EventSourceMapping.scalingConfig.maximumConcurrency"] },
  batchSize: { value: () => "9", changes: ["update EventSourceMapping.batchSize"] },
  batchWindow: {
    value: () => "1s",
    changes: [
      "update EventSourceMapping.maximumBatchingWindowInSeconds",
      "update Queue.visibilityTimeoutSeconds",
    ],
  },
  visibilityTimeout: { value: () => "1h", changes: ["update Queue.visibilityTimeoutSeconds"] },
  maxReceives: { value: () => "6", changes: ["update Queue.redrivePolicy.maxReceiveCount"] },
  retention: { value: () => "3d", changes: ["update Queue.messageRetentionSeconds"] },
  deadLetterRetention: { value: () => "13d", changes: ["update Queue.messageRetentionSeconds"] },
  keep: { value: () => "90d", changes: ["update Function.code"] },
  mongoVersion: { value: () => "8.2", changes: NEW_HOST, newHost: true },
  mongoPort: {
    value: async () => String(await freePort()),
    changes: [
      ...NEW_HOST,
      "update SecurityGroupEgressRule.fromPort",
      "update SecurityGroupEgressRule.toPort",
      "update SecurityGroupIngressRule.fromPort",
      "update SecurityGroupIngressRule.toPort",
    ],
    newHost: true,
  },
  instanceType: { value: () => "t4g.medium", changes: ["update Instance.instanceType"] },
  volumeSize: { value: () => "21", changes: ["update Volume.size"] },
  snapshots: { value: () => "7", changes: ["create LifecyclePolicy", "create Role", "create RolePolicy"] },
  vpc: {
    value: () => "new",
    changes: [
      ...NEW_HOST,
      ...["InternetGateway", "Route", "RouteTable", "RouteTableAssociation", "Subnet", "Vpc"].map(
        (type) => `create ${type}`,
      ),
      "replace SecurityGroup",
      "replace SecurityGroupEgressRule",
      "replace SecurityGroupIngressRule",
      "update Function.replacementSecurityGroupIds[0]",
      "update Function.vpcConfig.securityGroupIds[0]",
      "update Function.vpcConfig.subnetIds",
    ],
    newHost: true,
  },
  egress: {
    needs: ["--vpc", "new"],
    value: () => "ipv6",
    changes: [
      "create EgressOnlyInternetGateway",
      "create RouteTable",
      "create RouteTableAssociation",
      "create SecurityGroup",
      "create SecurityGroupEgressRule",
      "create Subnet",
      "update Function.vpcConfig.ipv6AllowedForDualStack",
      "update Function.vpcConfig.securityGroupIds[1]",
      "update Function.vpcConfig.subnetIds",
    ],
  },
  alarmEmail: { value: () => "me@example.com", changes: ["create TopicSubscription"] },
  dashboard: { value: () => "off", changes: ["delete Dashboard"] },
  logRetention: { value: () => "60d", changes: ["update LogGroup.retentionInDays"] },
  alarms: {
    needs: ["--alarm-email", "me@example.com"],
    value: () => "off",
    changes: [
      ...["MetricAlarm", "Topic", "TopicPolicy", "TopicSubscription"].map((type) => `delete ${type}`),
      // It shows them.
      "update Dashboard.dashboardBody.widgets[6]",
    ],
  },
};

/** These move the pipeline, or its store, or are nobody else's business, and have tests of their own. */
const moving: OptionName[] = ["target", "region", "profile", "mongoUri", "zone"];

/** These are one change of the pre-queue function's code or environment, like those beside them: verification.test.ts. */
const alike = optionsOf("name")
  .map(({ name }) => name)
  .filter((name) => /^(verify.+|secret|success(Body|Type)|codeSecrets)$/.test(name));

export const elsewhere: OptionName[] = [...moving, ...alike];

export function told({ stacks }: Preview): string[] {
  const texts = stacks
    .flatMap(({ changes }) => changes)
    .flatMap(({ action, type, properties }) =>
      action === "update" ? properties.map(({ path }) => `update ${type}.${path}`) : [`${action} ${type}`],
    );
  return [...new Set(texts)].sort();
}

/** The option as it is typed, without its value. */
export function flagOf(name: string): string {
  return `--${optionsOf("name").find((option) => option.name === name)!.flag}`;
}
