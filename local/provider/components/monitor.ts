import { credentials, type ServiceError } from "@grpc/grpc-js";
import type * as proto from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as monitor from "@pulumi/pulumi/proto/resource_pb";
import { fromStruct, SIGNATURE, toStruct, UNKNOWN, type Values } from "../values";

/** Value of the signature key of a reference to a resource (sdk/go/common/resource/sig). */
const REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** A resource the engine knows. */
export interface Registered {
  urn: string;
  /** Unknown in a preview that comes before it. */
  id: string;
  /** Its state, ditto. */
  state: Values;
}

/** A resource that a component is made of. */
export interface Part {
  type: string;
  name: string;
  parent: Registered;
  inputs: Values;
  /** By input: what it is made of. An input that is not named is made of nothing. */
  madeOf?: Record<string, Registered[]>;
  dependsOn?: Registered[];
}

type Done<T> = (error: ServiceError | null, response: T) => void;

function call<T>(send: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    send((error, response) => (error ? reject(error) : resolve(response))),
  );
}

/** What a component tells the engine while it is constructed. */
export class Monitor {
  private readonly client: ResourceMonitorClient;

  constructor(
    private readonly request: proto.ConstructRequest,
    /** Of the package whose default provider makes the parts. */
    private readonly version: string,
  ) {
    this.client = new ResourceMonitorClient(
      request.getMonitorendpoint(),
      credentials.createInsecure(),
      UNLIMITED,
    );
  }

  close(): void {
    this.client.close();
  }

  /** The component itself. */
  component(inputs: Values): Promise<Registered> {
    const { request } = this;
    const register = this.registration(request.getType(), request.getName(), inputs);
    register.setParent(request.getParent());
    register.setCustom(false);
    register.setDependenciesList(request.getDependenciesList());
    register.setAliasesList(request.getAliasesList());
    for (const [name, reference] of request.getProvidersMap().entries())
      register.getProvidersMap().set(name, reference);
    return this.register(register);
  }

  /** A resource of its own, which some provider makes. */
  part({ type, name, parent, inputs, madeOf = {}, dependsOn = [] }: Part): Promise<Registered> {
    const register = this.registration(type, name, inputs);
    register.setParent(parent.urn);
    register.setCustom(true);
    register.setVersion(this.version);
    register.setProvider(this.request.getProvidersMap().get(type.split(":")[0]!) ?? "");
    const urns = new Set([...Object.values(madeOf).flat(), ...dependsOn].map(({ urn }) => urn));
    register.setDependenciesList([...urns]);
    // Every input: one that is left out would count as made of everything.
    for (const input of Object.keys(inputs)) {
      const of = new monitor.RegisterResourceRequest.PropertyDependencies();
      of.setUrnsList((madeOf[input] ?? []).map(({ urn }) => urn));
      register.getPropertydependenciesMap().set(input, of);
    }
    return this.register(register);
  }

  async outputs({ urn }: Registered, state: Values): Promise<void> {
    const outputs = new monitor.RegisterResourceOutputsRequest();
    outputs.setUrn(urn);
    outputs.setOutputs(toStruct(state));
    await call((done) => this.client.registerResourceOutputs(outputs, done));
  }

  private registration(type: string, name: string, inputs: Values): monitor.RegisterResourceRequest {
    const register = new monitor.RegisterResourceRequest();
    register.setType(type);
    register.setName(name);
    register.setObject(toStruct(inputs));
    const { request } = this;
    if (request.hasProtect()) register.setProtect(request.getProtect()!);
    if (request.hasRetainondelete()) register.setRetainondelete(request.getRetainondelete()!);
    register.setAcceptsecrets(true);
    register.setAcceptresources(true);
    register.setSupportspartialvalues(true);
    return register;
  }

  private async register(request: monitor.RegisterResourceRequest): Promise<Registered> {
    const made = await call<monitor.RegisterResourceResponse>((done) =>
      this.client.registerResource(request, done),
    );
    return {
      urn: made.getUrn(),
      id: made.getId() || UNKNOWN,
      state: fromStruct(made.getObject()),
    };
  }
}

/** A resource as a value, for the outputs of a component. */
export function referenceTo({ urn, id }: Registered): Values {
  return { [SIGNATURE]: REFERENCE, urn, id };
}
