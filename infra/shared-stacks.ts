import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { infraError } from "./errors";
import type { Settings } from "./settings";

/** For a preview before the shared stacks exist: take what they will say as not known yet. */
export interface Shared {
  gateway?: "unknown";
  data?: "unknown";
}

const GATEWAY_OUTPUTS = ["apiId", "apiEndpoint", "executionArn"] as const;
const DATA_OUTPUTS = [
  "volumeId",
  "availabilityZone",
  "passwordParameter",
  "passwordParameterArn",
  "password",
] as const;

type Outputs<Name extends string> = Record<Name, pulumi.Output<string>>;
export type GatewayOutputs = Outputs<(typeof GATEWAY_OUTPUTS)[number]>;
export type DataOutputs = Outputs<(typeof DATA_OUTPUTS)[number]>;

/** The outputs of nami-gateway. Throws SHARED_STACK_MISSING. */
export function gatewayOutputs(settings: Settings, as?: "unknown"): Promise<GatewayOutputs> {
  return outputsOf(`nami-gateway/${settings.target}-${settings.region}`, GATEWAY_OUTPUTS, settings, as);
}

/** The outputs of nami-data; `password` is a secret. Throws SHARED_STACK_MISSING. */
export function dataOutputs(settings: Settings, as?: "unknown"): Promise<DataOutputs> {
  return outputsOf(`nami-data/${settings.name}`, DATA_OUTPUTS, settings, as);
}

async function outputsOf<Name extends string>(
  stack: string,
  names: readonly Name[],
  { name }: Settings,
  as: "unknown" | undefined,
): Promise<Outputs<Name>> {
  const read = as === "unknown" ? notKnownYet : await reader(stack, name);
  return Object.fromEntries(names.map((output) => [output, read(output)])) as Outputs<Name>;
}

async function reader(stack: string, name: string): Promise<(output: string) => pulumi.Output<string>> {
  // On a backend of one's own the organization is literally called "organization".
  const path = `organization/${stack}`;
  const missing = () => infraError("SHARED_STACK_MISSING", { stack, name });
  if (!(await exists(path))) throw missing();
  const reference = new pulumi.StackReference(path);
  return (output) =>
    reference.getOutput(output).apply((value) => {
      if (typeof value === "string") return value;
      throw missing();
    });
}

/**
 * A reference to a stack that is not there ends the whole run in the engine, with a text that helps nobody. This asks
 * the same of the engine in a way that can be answered; whatever else is wrong is left to the reference to report.
 */
async function exists(path: string): Promise<boolean> {
  try {
    await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: path });
    return true;
  } catch (error) {
    return !/unknown stack|no stack named/.test(String(error));
  }
}

function notKnownYet(): pulumi.Output<string> {
  return pulumi.output(unknown as unknown as string);
}
