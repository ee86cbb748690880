import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { defaultVpc } from "../region";
import { Monitor, type Registered } from "./components/monitor";
import { constructVpc } from "./components/vpc";
import type { Constructed } from "./components/vpc-outputs";
import { secret } from "./secrets";
import { fromStruct, isRecord, SIGNATURE, toStruct, UNKNOWN, type Values } from "./values";

/** Value of the signature key of an output (sdk/go/common/resource/sig): only components are sent such. */
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

interface Construction {
  monitor: Monitor;
  component: Registered;
  name: string;
  inputs: Values;
  region: string;
}

type Component = (construction: Construction) => Constructed | Promise<Constructed>;

const components: Record<string, Component> = {
  "awsx:ec2:DefaultVpc": ({ region }) => {
    const vpc = defaultVpc(region);
    const publicSubnetIds = vpc.subnets.map((subnet) => subnet.subnetId);
    return { state: { vpcId: vpc.vpcId, publicSubnetIds, privateSubnetIds: [] }, madeOf: {} };
  },
  "awsx:ec2:Vpc": ({ monitor, component, name, inputs, region }) =>
    constructVpc(monitor, component, name, inputs, region),
};

/** Outputs become their values: unknown ones, and secret ones, as everywhere else. */
export function settle(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settle);
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] !== OUTPUT)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, settle(one)]));
  const settled = "value" in value ? settle(value.value) : UNKNOWN;
  return value.secret === true ? secret(settled) : settled;
}

function respond({ urn }: Registered, { state, madeOf }: Constructed): proto.ConstructResponse {
  const response = new proto.ConstructResponse();
  response.setUrn(urn);
  response.setState(toStruct(state));
  // Whoever uses an output waits for what it is made of, and goes before it.
  for (const [name, parts] of Object.entries(madeOf)) {
    const dependencies = new proto.ConstructResponse.PropertyDependencies();
    dependencies.setUrnsList(parts.map((part) => part.urn));
    response.getStatedependenciesMap().set(name, dependencies);
  }
  return response;
}

/**
 * A remote component of awsx: registered with the engine as awsx does it, so that it stands in the stack.
 * @param version of the package whose resources it is made of
 */
export async function construct(
  request: proto.ConstructRequest,
  region: string,
  version: string,
): Promise<proto.ConstructResponse> {
  const type = request.getType();
  if (!Object.hasOwn(components, type)) {
    throw new Error(`Nami's local target has no "${type}"; it knows: ${Object.keys(components).join(", ")}.`);
  }
  const monitor = new Monitor(request, version);
  try {
    const inputs = settle(fromStruct(request.getInputs())) as Values;
    const component = await monitor.component(inputs);
    const name = request.getName();
    const made = await components[type]!({ monitor, component, name, inputs, region });
    await monitor.outputs(component, made.state);
    return respond(component, made);
  } finally {
    monitor.close();
  }
}
