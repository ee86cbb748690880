import { paths } from "../paths";
import type { ResourceRecord } from "../protocol";
import { AlarmStates, createAlarms } from "./alarms";
import { createAwsEndpoint } from "./aws-endpoint";
import type { Database } from "./database";
import { createFunctions } from "./functions";
import type { Wall } from "./functions/wall";
import { createGateway } from "./gateway";
import { createIam } from "./iam/iam";
import { createInstances, type InstancesOptions } from "./instances";
import { createLogMetrics, createLogs } from "./logs";
import { createMappings } from "./mappings";
import { createMetrics, sampleQueues } from "./metrics";
import { createNetwork } from "./network";
import { Lingering } from "./network/lingering";
import { createParameters } from "./parameters";
import { type Later, Propagation, thing } from "./propagation";
import { createQueues } from "./queue/queues";
import type { ResourceTable } from "./resource-table";
import { lambdaFunction } from "./resources/function";
import { createSchedules } from "./schedules";
import { listenOnAny, serveAws } from "./serve-aws";
import type { Clock, Functions, Instances, Network, Services } from "./services";
import { createTopics } from "./topics";

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
  /** How long what was asked for takes to work. */
  slowSeconds: number;
  /** Hides NAMI_HOME from user code; absent on a machine without one. */
  wall?: Wall;
  /** How `slowSeconds` pass; default: in real time. */
  later?: Later;
  log(text: string): void;
}

/** Looked for at each start of a server; what is looked for is loaded then. It installs nothing: `up` has done so. */
function mongoEngine(home: string): InstancesOptions["engine"] {
  return async (format) => {
    const { findMongoEngine } = await import("../mongo/find");
    return findMongoEngine({ home, env: process.env, ...(format ? { format } : {}) });
  };
}

/** What needs nothing of the others, or only what stands above it. */
function foundation({ home, database, table, clock }: BuildOptions) {
  const dir = paths.host(home);
  const metrics = createMetrics(clock);
  const logMetrics = createLogMetrics(metrics);
  return {
    dir,
    iam: createIam({ dir, clock }),
    queues: createQueues(database, clock),
    metrics,
    logMetrics,
    logs: createLogs(dir, clock, { onEvent: (group, text) => logMetrics.read(group, text) }),
    topics: createTopics(dir, clock),
    parameters: createParameters(table),
  };
}

interface Neighbours {
  functions(): Functions;
  instances(): Instances;
  all(type: string): ResourceRecord[];
}

/** Reads where instances listen, and tells functions when that, or a rule, has changed. */
function networkOf(awsUrl: string, { functions, instances, all }: Neighbours): Network {
  return createNetwork({
    all,
    awsPort: Number(new URL(awsUrl).port),
    publishedPorts: () =>
      Object.fromEntries(Object.entries(instances().list()).map(([id, { port }]) => [id, port])),
    onChange: () => functions().reachChanged(),
  });
}

/** Builds the parts and starts the AWS-compatible endpoints; what exists is put back by the caller. */
export async function buildServices(options: BuildOptions): Promise<Running> {
  const { database, table, clock, log, wall } = options;
  const base = foundation(options);
  const { dir, iam, queues, logs, metrics, topics } = base;
  const propagation = new Propagation(options.slowSeconds, log, options.later);
  const lingering = new Lingering(propagation, () => network.changed());
  const endpoint = createAwsEndpoint({
    iam,
    onError: (error, request) => log(`${request}: ${error instanceof Error ? error.stack : error}`),
  });
  const awsUrl = await listenOnAny(endpoint, options.awsPort);
  const network = networkOf(awsUrl, {
    functions: () => functions,
    instances: () => services.instances,
    all: (type) => [...table.all(type), ...lingering.all(type)],
  });
  const reachOf: Network["reachOf"] = (spec) => network.reachOf(spec);
  const stateOf = (name: string) => propagation.state(thing(lambdaFunction.type, name));
  const functions = createFunctions({ dir, clock, iam, logs, metrics, awsUrl, reachOf, stateOf, log, wall });
  const engine = mongoEngine(options.home);
  const onChange = () => network.changed();
  const states = new AlarmStates(database);
  const sample = () => sampleQueues({ queues, metrics });
  const services: Services = {
    ...base,
    clock,
    awsUrl,
    publicUrl: "",
    functions,
    gateway: createGateway({ functions, clock, logs, metrics }),
    mappings: createMappings({ queues, functions, iam, clock, log }),
    instances: createInstances({ dir, iam, awsUrl: () => awsUrl, engine, onChange }),
    network,
    propagation,
    lingering,
    alarms: createAlarms({ metrics, topics, states, clock, sample, log }),
    schedules: createSchedules({ functions, clock, log }),
    find: (type, id) => table.find(type, id),
    all: (type) => table.all(type),
  };
  serveAws(endpoint, { iam, queues, logs, table }, services);
  const close = async () => {
    propagation.close();
    services.schedules.close();
    services.alarms.close();
    await services.gateway.close();
    await services.mappings.close();
    await functions.close();
    await services.instances.close();
    await endpoint.close();
    logs.flush();
    queues.close();
  };
  return { services, close };
}
