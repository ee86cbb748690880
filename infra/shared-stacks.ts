import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { infraError } from "./errors";
import type { Settings } from "./settings";

/** For a preview before the shared stacks exist: take what they will say as not known yet. */
export interface Shared {
  gateway?: "unknown";
  data?: "unknown";
}

const GATEWAY_OUTPUTS = ["apiId", "apiEndpoint", "url", "executionArn"] as const;
const DATA_OUTPUTS = [
  "volumeId",
  "availabilityZone",
  "passwordParameter",
  "passwordParameterArn",
  "password",
] as const;

type Outputs<Name extends string> = Record<Name, pulumi.Output<string>>;

export interface GatewayOutputs extends Outputs<(typeof GATEWAY_OUTPUTS)[number]> {
  /** Whether a line is written for each request; taken for granted while it is not known. */
  logsRequests: boolean;
}

export interface DataOutputs extends Outputs<(typeof DATA_OUTPUTS)[number]> {
  /** The availability zone as plain text; absent while it is not known. */
  knownZone?: string;
}

/** The outputs of nami-gateway. Throws SHARED_STACK_MISSING. */
export async function gatewayOutputs(settings: Settings, as?: "unknown"): Promise<GatewayOutputs> {
  const stack = new SharedStack(`nami-gateway/${settings.target}-${settings.region}`, settings, as);
  const outputs = await stack.outputs(GATEWAY_OUTPUTS);
  return { ...outputs, logsRequests: (await stack.known("accessLogGroup")) !== "" };
}

/** The outputs of nami-data; `password` is a secret. Throws SHARED_STACK_MISSING. */
export async function dataOutputs(settings: Settings, as?: "unknown"): Promise<DataOutputs> {
  const stack = new SharedStack(`nami-data/${settings.name}`, settings, as);
  return { ...(await stack.outputs(DATA_OUTPUTS)), knownZone: await stack.known("availabilityZone") };
}

/** A stack of another project, or what stands for one that does not exist yet. */
class SharedStack {
  private reference?: pulumi.StackReference;

  constructor(
    private readonly stack: string,
    private readonly settings: Settings,
    private readonly as: "unknown" | undefined,
  ) {}

  async outputs<Name extends string>(names: readonly Name[]): Promise<Outputs<Name>> {
    if (this.as !== "unknown") await this.open(names);
    return Object.fromEntries(names.map((name) => [name, this.output(name)])) as Outputs<Name>;
  }

  /** A value that is no secret, as plain text; undefined while it is not known. */
  async known(output: string): Promise<string | undefined> {
    const details = await this.reference?.getOutputDetails(output);
    return details?.value as string | undefined;
  }

  private async open(names: readonly string[]): Promise<void> {
    // On a backend of one's own the organization is literally called "organization".
    const path = `organization/${this.stack}`;
    const told = await toldBy(path);
    if (told && !names.every((name) => name in told)) throw this.missing();
    this.reference = new pulumi.StackReference(path);
  }

  private output(name: string): pulumi.Output<string> {
    const value = this.reference?.getOutput(name) ?? pulumi.output(unknown);
    return value as pulumi.Output<string>;
  }

  private missing(): Error {
    return infraError("SHARED_STACK_MISSING", { stack: this.stack, name: this.settings.name });
  }
}

/**
 * What a stack tells; nothing when it is not there. A reference to such a one ends the whole run in the engine, with a
 * text that helps nobody, and an output that is not told fails wherever it is first used. This asks the same of the
 * engine in a way that can be answered; whatever else is wrong is left to the reference to report: undefined.
 */
async function toldBy(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: path });
    return outputs ?? {};
  } catch (error) {
    return /unknown stack|no stack named/.test(String(error)) ? {} : undefined;
  }
}
