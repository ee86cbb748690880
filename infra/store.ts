import * as pulumi from "@pulumi/pulumi";
import type { FunctionNetwork } from "./lambda-function";
import { MongoHost } from "./mongo-host";
import { Network } from "./network";
import type { Settings } from "./settings";
import { type DataOutputs, dataOutputs } from "./shared-stacks";

/** The MongoDB database that holds `events` and `dead_letters`. */
export const DATABASE = "nami";

/** A MongoDB as the functions see it. */
export interface Store {
  /** Secret. */
  uri: pulumi.Output<string>;
  /** Where a function must stand to reach it; absent: it is reached from anywhere. */
  network?: FunctionNetwork;
  /** Of the Mongo host; null when the MongoDB is not Nami's. */
  instanceId: pulumi.Output<string> | null;
}

/** `mongodb://…` of a host of Nami's: one server, no replica set to discover. */
export function hostUri(password: string, address: string, port: number): string {
  return `mongodb://nami:${password}@${address}:${port}/?authSource=admin&directConnection=true`;
}

/** The MongoDB given by `mongoUri`, else a host of Nami's with the volume of the data stack. Throws SHARED_STACK_MISSING. */
export async function createStore(logicalName: string, settings: Settings, as?: "unknown"): Promise<Store> {
  if (settings.mongoUri) return { uri: settings.mongoUri, instanceId: null };
  return hostedStore(logicalName, settings, await dataOutputs(settings, as));
}

function hostedStore(logicalName: string, settings: Settings, data: DataOutputs): Store {
  const network = new Network(logicalName, { settings, availabilityZone: data.availabilityZone });
  const { instance } = new MongoHost(logicalName, { settings, data, network });
  const uri = pulumi
    .all([data.password, instance.privateIp])
    .apply(([password, address]) => hostUri(password, address, settings.mongoPort));
  return { uri: pulumi.secret(uri), network: network.forFunctions, instanceId: instance.id };
}
