import { credentials, type ServiceError } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as monitor from "@pulumi/pulumi/proto/resource_pb";
import { defaultVpc } from "../region";
import type { Struct } from "./protobuf";
import { toStruct, type Values } from "./values";

type Done<T> = (error: ServiceError | null, response: T) => void;

function call<T>(send: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    send((error, response) => (error ? reject(error) : resolve(response))),
  );
}

const components: Record<string, (region: string) => Values> = {
  "awsx:ec2:DefaultVpc": (region) => {
    const vpc = defaultVpc(region);
    return {
      vpcId: vpc.vpcId,
      publicSubnetIds: vpc.subnets.map((subnet) => subnet.subnetId),
      privateSubnetIds: [],
    };
  },
};

function registration(request: proto.ConstructRequest): monitor.RegisterResourceRequest {
  const register = new monitor.RegisterResourceRequest();
  register.setType(request.getType());
  register.setName(request.getName());
  register.setParent(request.getParent());
  register.setCustom(false);
  register.setObject(request.getInputs());
  register.setDependenciesList(request.getDependenciesList());
  register.setAliasesList(request.getAliasesList());
  register.setAcceptsecrets(true);
  register.setAcceptresources(true);
  return register;
}

async function register(request: proto.ConstructRequest, state: Struct): Promise<string> {
  const client = new ResourceMonitorClient(request.getMonitorendpoint(), credentials.createInsecure());
  try {
    const made = await call<monitor.RegisterResourceResponse>((done) =>
      client.registerResource(registration(request), done),
    );
    const outputs = new monitor.RegisterResourceOutputsRequest();
    outputs.setUrn(made.getUrn());
    outputs.setOutputs(state);
    await call((done) => client.registerResourceOutputs(outputs, done));
    return made.getUrn();
  } finally {
    client.close();
  }
}

/** A remote component of awsx: registered with the engine as awsx does it, so that it stands in the stack. */
export async function construct(
  request: proto.ConstructRequest,
  region: string,
): Promise<proto.ConstructResponse> {
  const type = request.getType();
  if (!Object.hasOwn(components, type)) {
    throw new Error(
      `Nami's local target has no "${type}"; it knows: ${Object.keys(components).join(", ")}. ` +
        "This machine has one network, the default VPC.",
    );
  }
  const state = toStruct(components[type]!(region));
  const response = new proto.ConstructResponse();
  response.setUrn(await register(request, state));
  response.setState(state);
  return response;
}
