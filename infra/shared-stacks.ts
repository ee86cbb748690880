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

/** The outputs of nami-gateway. Fails with SHARED_STACK_MISSING when that stack is there but not finished. */
export function gatewayOutputs(settings: Settings, as?: "unknown"): GatewayOutputs {
  return outputsOf(`nami-gateway/${settings.target}-${settings.region}`, GATEWAY_OUTPUTS, settings, as);
}

/** The outputs of nami-data; `password` is a secret. */
export function dataOutputs(settings: Settings, as?: "unknown"): DataOutputs {
  return outputsOf(`nami-data/${settings.name}`, DATA_OUTPUTS, settings, as);
}

function outputsOf<Name extends string>(
  stack: string,
  names: readonly Name[],
  { name }: Settings,
  as: "unknown" | undefined,
): Outputs<Name> {
  const read = as === "unknown" ? () => notKnownYet() : reader(stack, name);
  return Object.fromEntries(names.map((output) => [output, read(output)])) as Outputs<Name>;
}

/** On a backend of one's own the organization is literally called "organization". */
function reader(stack: string, name: string): (output: string) => pulumi.Output<string> {
  const reference = new pulumi.StackReference(`organization/${stack}`);
  return (output) =>
    reference.getOutput(output).apply((value) => {
      if (typeof value === "string") return value;
      throw infraError("SHARED_STACK_MISSING", { stack, output, name });
    });
}

function notKnownYet(): pulumi.Output<string> {
  return pulumi.output(unknown as unknown as string);
}
