import type { ResourceRecord } from "../../protocol";
import type { FunctionSpec } from "../functions/contract";
import type { Reach } from "../functions/sandbox-reach";
import type { Network, RegionNetwork } from "./contract";
import { type Published, reachOf } from "./reach";
import { types } from "./records";
import { viewOf } from "./view";

export interface NetworkOptions {
  /** Records of a type. */
  all(type: string): ResourceRecord[];
  /** By instance id: the port of 127.0.0.1 it has published. */
  publishedPorts(): Record<string, number | undefined>;
  /** Of the AWS-compatible endpoints. */
  awsPort: number;
  /** Called when functions may reach something else than before. */
  onChange(): void;
}

/** The networks of this host. They are read off the records: nothing is kept that could differ from them. */
export function createNetwork(options: NetworkOptions): Network {
  return new LocalNetwork(options);
}

class LocalNetwork implements Network {
  private readonly views = new Map<string, RegionNetwork>();
  private published?: Published[];
  private readonly endpointPorts: number[];

  constructor(private readonly options: NetworkOptions) {
    this.endpointPorts = [options.awsPort];
  }

  in(region: string): RegionNetwork {
    const known = this.views.get(region);
    if (known) return known;
    // A view asks for some types once a group.
    const read = new Map<string, ResourceRecord[]>();
    const view = viewOf(region, (type) => {
      const records = read.get(type) ?? this.options.all(type);
      read.set(type, records);
      return records;
    });
    this.views.set(region, view);
    return view;
  }

  reachOf({ region, vpcConfig }: Pick<FunctionSpec, "region" | "vpcConfig">): Reach {
    this.published ??= this.findPublished();
    return reachOf(this.in(region), vpcConfig, this.published, this.endpointPorts);
  }

  changed(): void {
    this.views.clear();
    this.published = undefined;
    this.options.onChange();
  }

  gatewayListens(port: number): void {
    this.endpointPorts.push(port);
    this.changed();
  }

  private findPublished(): Published[] {
    const ports = this.options.publishedPorts();
    return this.options
      .all(types.instance)
      .filter(({ id }) => ports[id] !== undefined)
      .map(({ id, inputs }) => ({
        port: ports[id]!,
        instanceId: id,
        network: this.in(String(inputs.region)),
      }));
  }
}
