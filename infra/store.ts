import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { infraError } from "./errors";
import type { HandlerSettings } from "./handler-factory";
import { MongoHost } from "./mongo-host";
import { type FunctionNetworks, Network } from "./network/network";
import type { Settings } from "./settings";
import { type DataOutputs, dataOutputs } from "./shared-stacks";

/** The MongoDB database that holds `events` and `dead_letters`. */
const DATABASE = "nami";

/** What both functions that work on the store are told of it; each of them sees to its indexes. */
export function storeSettings({ name, keep }: Pick<Settings, "name" | "keep">): HandlerSettings {
  return { name, database: DATABASE, ...(keep && { keepSeconds: keep }) };
}

/** A MongoDB as the functions see it. */
export interface Store {
  /** Secret. */
  uri: pulumi.Output<string>;
  /** Where functions must stand to reach it; absent: it is reached from anywhere. */
  networks?: FunctionNetworks;
  /** Of the Mongo host; null when the MongoDB is not Nami's. */
  instanceId: pulumi.Output<string> | null;
  /** What the Mongo host is made of: while one of them is replaced, there is no MongoDB. */
  parts: pulumi.Resource[];
}

/** What a program is told beside its stack's config: of stacks that do not exist yet, and what is asked for once. */
export interface StoreOptions {
  data?: "unknown";
  upgradeHost?: boolean;
}

/** `mongodb://…` of a host of Nami's: one server, no replica set to discover. */
export function hostUri(password: string, address: string, port: number): string {
  return `mongodb://nami:${password}@${address}:${port}/?authSource=admin&directConnection=true`;
}

/** The MongoDB given by `mongoUri`, else a host of Nami's with the volume of the data stack. Throws SHARED_STACK_MISSING, INSTANCE_TYPE_NOT_OFFERED. */
export async function createStore(
  logicalName: string,
  settings: Settings,
  { data, upgradeHost = false }: StoreOptions,
): Promise<Store> {
  if (settings.mongoUri) return ownStore(logicalName, settings, settings.mongoUri);
  const kept = await dataOutputs(settings, data);
  if (kept.knownZone) await refuseUnoffered(settings.instanceType, kept.knownZone);
  return hostedStore(logicalName, settings, kept, upgradeHost);
}

/** The host stands where its volume is. Found out before anything is begun: the old host goes before the new one comes. */
async function refuseUnoffered(instanceType: string, zone: string): Promise<void> {
  const { locations } = await aws.ec2.getInstanceTypeOfferings({
    locationType: "availability-zone",
    filters: [
      { name: "instance-type", values: [instanceType] },
      { name: "location", values: [zone] },
    ],
  });
  if (locations.length === 0)
    throw infraError("INSTANCE_TYPE_NOT_OFFERED", { instanceType, where: `in ${zone}, where the volume is` });
}

function ownStore(logicalName: string, settings: Settings, uri: pulumi.Output<string>): Store {
  const own = { uri, instanceId: null, parts: [] };
  if (settings.vpc === "default") return own;
  return { ...own, networks: new Network(logicalName, { settings }).functions };
}

function hostedStore(
  logicalName: string,
  settings: Settings,
  data: DataOutputs,
  upgradeHost: boolean,
): Store {
  const zone = { name: data.availabilityZone, known: data.knownZone };
  const network = new Network(logicalName, { settings, zone });
  const { instance, attachment } = new MongoHost(logicalName, { settings, data, network, upgradeHost });
  const uri = pulumi
    .all([data.password, instance.privateIp])
    .apply(([password, address]) => hostUri(password, address, settings.mongoPort));
  return {
    uri: pulumi.secret(uri),
    networks: network.functions,
    instanceId: instance.id,
    parts: [instance, attachment],
  };
}
