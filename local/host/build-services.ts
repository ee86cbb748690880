import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CodedError } from "../../runtime/coded-error";
import { paths } from "../paths";
import { type AwsEndpoint, createAwsEndpoint } from "./aws-endpoint";
import type { Database } from "./database";
import { createFunctions, createLambdaEndpoint } from "./functions";
import { createGateway } from "./gateway";
import { createIam, type LocalIam } from "./iam/iam";
import { createStsHandler, stsError } from "./iam/sts-endpoint";
import { createInstances, type InstancesOptions } from "./instances";
import { createLogs, createLogsEndpoint, type LogStore } from "./logs";
import { createMappings } from "./mappings";
import { createNetwork } from "./network";
import { createParameters, createSsmEndpoint } from "./parameters";
import { createQueues, type LocalQueues } from "./queue/queues";
import { createSqsHandler } from "./queue/sqs-endpoint";
import { sqsError } from "./queue/sqs-errors";
import type { ResourceTable } from "./resource-table";
import { eventSourceMapping, withSpec } from "./resources/event-source-mapping";
import type { Clock, Functions, Instances, MappingSpec, Network, Services } from "./services";

/** Services of one host, with what only their owner may do. */
export interface Running {
  services: Services;
  /** Orderly: no new request comes in, what is at work ends, everything is on disk. */
  close(): Promise<void>;
}

export interface BuildOptions {
  home: string;
  database: Database;
  table: ResourceTable;
  clock: Clock;
  /** Of the AWS-compatible endpoints; undefined: choose one that is free. */
  awsPort?: number;
  log(text: string): void;
}

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, macOS and Windows from 49152): one of
 * those may be in use at the next start, and queue URLs contain the port.
 */
const PORTS = { from: 20_000, to: 30_000, tries: 20 };

async function listen(endpoint: AwsEndpoint, port: number | undefined): Promise<string> {
  if (port !== undefined) return endpoint.listen(port);
  for (let tries = 1; ; tries++) {
    try {
      return await endpoint.listen(randomInt(PORTS.from, PORTS.to));
    } catch (error) {
      if (!(error instanceof CodedError) || tries === PORTS.tries) throw error;
      await sleep(1);
    }
  }
}

/** Looked for at each start of a server; what is looked for is loaded then. It installs nothing: `up` has done so. */
function mongoEngine(home: string): InstancesOptions["engine"] {
  return async (format) => {
    const { findMongoEngine } = await import("../mongo/find");
    return findMongoEngine({ home, env: process.env, ...(format ? { format } : {}) });
  };
}

interface NetworkParts {
  table: ResourceTable;
  awsUrl: string;
  functions: () => Functions;
  instances: () => Instances;
}

/** Reads where instances listen, and tells functions when that, or a rule, has changed. */
function networkOf({ table, awsUrl, functions, instances }: NetworkParts): Network {
  return createNetwork({
    all: (type) => table.all(type),
    awsPort: Number(new URL(awsUrl).port),
    publishedPorts: () =>
      Object.fromEntries(Object.entries(instances().list()).map(([id, { port }]) => [id, port])),
    onChange: () => functions().reachChanged(),
  });
}

interface Parts {
  iam: LocalIam;
  queues: LocalQueues;
  logs: LogStore;
  endpoint: AwsEndpoint;
  table: ResourceTable;
}

function serveAws(parts: Parts, services: Services): void {
  const { iam, queues, logs, endpoint, table } = parts;
  const { clock, functions, mappings } = services;
  const saveMapping = (spec: MappingSpec) => {
    const record = table.find(eventSourceMapping.type, spec.uuid);
    if (record) table.replace(withSpec(record, spec));
  };
  endpoint.handle("sqs", createSqsHandler({ queues, iam, clock, url: () => services.awsUrl }), sqsError);
  endpoint.handle("sts", createStsHandler(iam), stsError);
  endpoint.handle("lambda", createLambdaEndpoint({ functions, mappings, iam, saveMapping }));
  endpoint.handle("ssm", createSsmEndpoint({ parameters: services.parameters, iam }));
  endpoint.handle("logs", createLogsEndpoint({ logs, iam }));
}

/** Builds the parts and starts the AWS-compatible endpoints; what exists is put back by the caller. */
export async function buildServices(options: BuildOptions): Promise<Running> {
  const { database, table, clock, log } = options;
  const dir = paths.host(options.home);
  const iam = createIam({ dir, clock });
  const queues = createQueues(database, clock);
  const logs = createLogs(dir, clock);
  const endpoint = createAwsEndpoint({
    iam,
    onError: (error, request) => log(`${request}: ${error instanceof Error ? error.stack : error}`),
  });
  const awsUrl = await listen(endpoint, options.awsPort);
  const network = networkOf({
    table,
    awsUrl,
    functions: () => functions,
    instances: () => services.instances,
  });
  const reachOf: Network["reachOf"] = (spec) => network.reachOf(spec);
  const functions = createFunctions({ dir, clock, iam, logs, awsUrl, reachOf, log });
  const gateway = createGateway({ functions, clock, logs });
  const mappings = createMappings({ queues, functions, iam, clock, log });
  const services: Services = {
    dir,
    clock,
    awsUrl,
    publicUrl: "",
    queues,
    iam,
    functions,
    logs,
    gateway,
    mappings,
    instances: createInstances({
      dir,
      iam,
      awsUrl: () => awsUrl,
      engine: mongoEngine(options.home),
      onChange: () => network.changed(),
    }),
    network,
    parameters: createParameters(),
    find: (type, id) => table.find(type, id),
    all: (type) => table.all(type),
  };
  serveAws({ iam, queues, logs, endpoint, table }, services);
  const close = async () => {
    await gateway.close();
    await mappings.close();
    await functions.close();
    await services.instances.close();
    await endpoint.close();
    logs.flush();
    queues.close();
  };
  return { services, close };
}
