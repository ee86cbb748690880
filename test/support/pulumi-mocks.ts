import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const debuggable = require("@pulumi/pulumi/runtime/debuggable") as {
  debuggablePromise<T>(promise: Promise<T>, context: unknown): Promise<T>;
};

/** A resource as the engine would have been asked for it: inputs plain, secrets unwrapped and listed. */
export interface Recorded {
  type: string;
  name: string;
  inputs: pulumi.Inputs;
  /** Top-level inputs that hold a secret. */
  secrets: string[];
}

/** What one run of a program asked for. */
export class Graph {
  constructor(
    readonly resources: Recorded[],
    readonly invokes: { token: string; inputs: pulumi.Inputs }[],
    readonly outputs: pulumi.Inputs,
    /** Where the program ran. */
    readonly cwd: string,
  ) {}

  all(type: string): Recorded[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The one resource of the type whose logical name ends so. */
  one(type: string, suffix = ""): Recorded {
    const found = this.all(type).filter(({ name }) => name.endsWith(suffix));
    if (found.length !== 1) throw new Error(`${found.length} resources of ${type} end in "${suffix}"`);
    return found[0]!;
  }
}

export interface RunOptions {
  project?: string;
  stack?: string;
  /** Full keys: "nami:target". */
  config?: Record<string, string>;
  secretKeys?: string[];
  preview?: boolean;
  accountId?: string;
  /** Outputs of other stacks, by "<project>/<stack>". */
  stacks?: Record<string, Record<string, unknown>>;
  /** Where the program runs; default: a folder like the one the command makes, with a package.json of its own. */
  cwd?: string;
  /** The subnets that getSubnets finds. */
  subnets?: string[];
  /** The zones that offer the instance type. */
  zones?: string[];
}

export const gatewayStack = {
  apiId: "api1",
  apiEndpoint: "http://127.0.0.1:6264",
  url: "http://127.0.0.1:6264",
  executionArn: "arn:aws:execute-api:us-east-1:000000000000:api1",
  accessLogGroup: "/aws/vendedlogs/apis/nami-gateway-local-us-east-1",
};

export const dataStack = {
  volumeId: "vol-1",
  availabilityZone: "us-east-1a",
  passwordParameter: "nami-orders-mongo-password-1",
  passwordParameterArn: "arn:aws:ssm:us-east-1:000000000000:parameter/nami-orders-mongo-password-1",
  password: "p4ss",
};

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function isSecret(value: unknown): value is { value: unknown } {
  return (value as Record<string, unknown> | null)?.[SIGNATURE] === SECRET;
}

function unwrap(value: unknown): unknown {
  if (isSecret(value)) return unwrap(value.value);
  if (Array.isArray(value)) return value.map(unwrap);
  if (value && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
  return value;
}

/** The outputs that programs read, as AWS would make them. */
function computed(type: string, name: string, inputs: pulumi.Inputs, options: RunOptions) {
  const id = `${name}-1`;
  if (type === "pulumi:pulumi:StackReference") {
    const key = String(inputs.name).replace(/^organization\//, "");
    return { outputs: options.stacks?.[key] ?? {}, secretOutputNames: ["password"] };
  }
  if (type === "awsx:ec2:DefaultVpc")
    return { vpcId: "vpc-1", publicSubnetIds: ["subnet-1"], privateSubnetIds: [] };
  if (type === "awsx:ec2:Vpc")
    return { vpcId: "vpc-new", publicSubnetIds: ["subnet-public"], privateSubnetIds: ["subnet-private"] };
  return {
    name: inputs.name ?? id,
    arn: `arn:aws:${type.split(":")[1]!.split("/")[0]}:us-east-1:000000000000:${id}`,
    url: `http://127.0.0.1:1/${id}`,
    invokeArn: `arn:aws:apigateway:us-east-1:lambda:path/${id}/invocations`,
    privateIp: "127.0.0.1",
    apiEndpoint: gatewayStack.apiEndpoint,
    executionArn: gatewayStack.executionArn,
    ...(type === "aws:apigatewayv2/domainName:DomainName" && {
      domainNameConfiguration: { ...inputs.domainNameConfiguration, targetDomainName: "d-1.execute-api.aws" },
    }),
  };
}

function answer(token: string, inputs: pulumi.Inputs, options: RunOptions) {
  const {
    accountId = "000000000000",
    subnets = ["subnet-a"],
    zones = ["us-east-1b", "us-east-1a"],
  } = options;
  if (token === "pulumi:pulumi:readStackOutputs") {
    const outputs = options.stacks?.[String(inputs.name).replace(/^organization\//, "")];
    // The engine's own words, where gRPC has them.
    const details = `unknown stack "${inputs.name}"`;
    if (!outputs) throw Object.assign(new Error(details), { details });
    return { name: inputs.name, outputs };
  }
  const answers: Record<string, Record<string, unknown>> = {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId, arn: "arn", userId: "id", id: accountId },
    "aws:ssm/getParameter:getParameter": { insecureValue: "ami-1", value: "ami-1" },
    "aws:ec2/getSubnets:getSubnets": { ids: subnets },
    "aws:ec2/getSecurityGroup:getSecurityGroup": { id: "sg-default" },
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": { locations: zones },
    "aws:ec2/getVpc:getVpc": { id: inputs.id, ipv6CidrBlock: "2600:1f13:abc:de00::/56" },
  };
  if (!answers[token]) throw new Error(`no answer for ${token}`);
  return answers[token];
}

let folder: string | undefined;

function programFolder(): string {
  if (folder) return folder;
  const made = mkdtempSync(join(tmpdir(), "nami-program-"));
  writeFileSync(join(made, "package.json"), "{}");
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}

/**
 * Pulumi notes a stack for each of 5000 promises and 70 resources, and ts-node maps every frame to its source: nine
 * tenths of a run. An error that is thrown keeps its stack, because V8 formats it when it is first read, after the run.
 */
function leaveOutStacks(): () => void {
  const { prepareStackTrace } = Error;
  const { debuggablePromise } = debuggable;
  Error.prepareStackTrace = String;
  debuggable.debuggablePromise = (promise) => promise;
  return () => {
    Error.prepareStackTrace = prepareStackTrace;
    debuggable.debuggablePromise = debuggablePromise;
  };
}

/** Runs a program against recording mocks and waits for all that it started. */
export async function run(
  program: () => Promise<Record<string, unknown>>,
  options: RunOptions = {},
): Promise<Graph> {
  const resources: Recorded[] = [];
  const invokes: { token: string; inputs: pulumi.Inputs }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs: raw, id }) {
        const secrets = Object.keys(raw).filter((key) => JSON.stringify(raw[key] ?? "").includes(SECRET));
        const inputs = unwrap(raw) as pulumi.Inputs;
        resources.push({ type, name, inputs, secrets });
        return { id: id || `${name}-1`, state: { ...inputs, ...computed(type, name, inputs, options) } };
      },
      call({ token, inputs }) {
        invokes.push({ token, inputs });
        return answer(token, inputs, options);
      },
    },
    options.project ?? "nami",
    options.stack ?? "orders",
    options.preview ?? false,
  );
  pulumi.runtime.setAllConfig({ "aws:region": "us-east-1", ...options.config }, options.secretKeys ?? []);
  const before = process.cwd();
  process.chdir(options.cwd ?? programFolder());
  const restoreStacks = leaveOutStacks();
  try {
    const outputs = await pulumi.runtime.runInPulumiStack(program);
    await pulumi.runtime.disconnect(false);
    return new Graph(resources, invokes, unwrap(outputs) as pulumi.Inputs, process.cwd());
  } finally {
    restoreStacks();
    process.chdir(before);
  }
}

/** The shared stacks of the deployment "orders" on this machine. */
export const sharedStacks = { "nami-gateway/local-us-east-1": gatewayStack, "nami-data/orders": dataStack };
