import { mkdirSync, rmSync } from "node:fs";
import { buildId } from "../build-id";
import { writeDurably } from "../durable";
import { localError } from "../errors";
import { paths } from "../paths";
import type { HostFile, HostSettings, HostStatus } from "../protocol";
import { NO_REHEARSAL, type Rehearsal } from "../rehearsal";
import { packageVersion } from "../version";
import { alarmSchema } from "./alarms";
import type { BrokenResources } from "./broken-resources";
import { buildServices, type Running } from "./build-services";
import { controlToken, startControl } from "./control";
import { type Database, openDatabase, SCHEMA } from "./database";
import { type DatabaseIdentity, identify } from "./database-identity";
import { findWall, type NoWall, type Wall } from "./functions/wall";
import { lockHost } from "./host-lock";
import type { Later } from "./propagation";
import { queueSchema } from "./queue/schema";
import { alarmReports, lifecyclePolicyReports, mongoReports } from "./reports";
import { ResourceManager } from "./resource-manager";
import { ResourceTable, schema } from "./resource-table";
import { resourceKinds } from "./resources";
import { codeStore } from "./resources/function";
import { restoreResources } from "./restore";
import type { Clock, Services } from "./services";
import { readSettings, writeSettings } from "./settings";

export interface HostOptions {
  /** NAMI_HOME, absolute. */
  home: string;
  /** ADDRESS:PORT of the gateway; default: what the last start had, at first 127.0.0.1:6264. */
  listen?: string;
  publicUrl?: string;
  clock?: Clock;
  log?: (text: string) => void;
  rehearsal?: Rehearsal;
  /** How the delays of a rehearsal pass; default: in real time. */
  later?: Later;
  /** Asked to end over the control endpoint. Default: close. */
  onStop?: () => void;
}

export interface Host {
  readonly file: HostFile;
  readonly services: Services;
  status(): HostStatus;
  close(): Promise<void>;
}

const ADDRESS = /^(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}$/i;

function wantedSettings(options: HostOptions): HostSettings {
  const kept = readSettings(options.home);
  const { listen = kept.listen, publicUrl = kept.publicUrl } = options;
  if (!ADDRESS.test(listen)) throw localError("LISTEN_INVALID", { address: listen });
  return { ...kept, listen, ...(publicUrl ? { publicUrl } : {}) };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw localError("HOST_FOLDER_UNWRITABLE", { folder, reason: (error as Error).message }, error);
  }
}

/** Undoes what was started, last first. An error does not keep the rest from ending. */
class Closing {
  private readonly steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.steps.unshift(step);
  }

  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.steps.splice(0)) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

interface Booted {
  settings: HostSettings;
  identity: DatabaseIdentity;
  table: ResourceTable;
  running: Running;
  gatewayUrl: string;
  broken: BrokenResources;
  wall: Wall | NoWall;
}

function openTables(home: string, closing: Closing): { database: Database; table: ResourceTable } {
  const database = openDatabase(paths.hostDatabase(home), [schema, queueSchema, alarmSchema]);
  closing.add(() => database.close());
  return { database, table: new ResourceTable(database) };
}

const portOf = (url: string) => Number(new URL(url).port);

/** Database, endpoints, everything that was there, gateway: in this order, so that the first request finds it all. */
async function boot(options: HostOptions, closing: Closing): Promise<Booted> {
  const { home, clock = { now: Date.now }, log = () => {}, later } = options;
  makeFolder(paths.host(home));
  const lock = lockHost(paths.host(home), home);
  closing.add(() => lock.release());
  const settings = wantedSettings(options);
  const { database, table } = openTables(home, closing);
  const identity = identify(table, settings, clock.now());
  if (identity.lostAt) log(`the database that belonged here is gone since ${identity.lostAt}`);
  const { slowSeconds } = options.rehearsal ?? NO_REHEARSAL;
  const { awsPort } = settings;
  const wall = await findWall(home);
  const found = "missing" in wall ? undefined : wall;
  const about = { home, database, table, clock, awsPort, slowSeconds, later, log, wall: found };
  const running = await buildServices(about);
  closing.add(() => running.close());
  await running.services.functions.endLeft();
  const broken = await restoreResources(running.services, log);
  const gatewayUrl = await running.services.gateway.listen(settings.listen);
  running.services.publicUrl = settings.publicUrl ?? gatewayUrl;
  running.services.network.gatewayListens(portOf(gatewayUrl));
  // The address it really has: who let the system choose a port is told it once and keeps it.
  const listen = gatewayUrl.slice("http://".length);
  writeSettings(home, {
    ...settings,
    listen,
    awsPort: portOf(running.services.awsUrl),
    databaseId: identity.id,
  });
  return { settings, identity, table, running, gatewayUrl, broken, wall };
}

function hostFile(booted: Booted, controlUrl: string, startedAt: number): HostFile {
  const { awsUrl, publicUrl } = booted.running.services;
  return {
    pid: process.pid,
    version: packageVersion(),
    build: buildId(),
    schema: SCHEMA,
    controlUrl,
    awsUrl,
    gatewayUrl: booted.gatewayUrl,
    publicUrl,
    startedAt: new Date(startedAt).toISOString(),
  };
}

function statusOf(file: HostFile, { running, identity, broken, wall }: Booted): HostStatus {
  return {
    ...file,
    rssBytes: process.memoryUsage.rss(),
    ...(identity.lostAt ? { databaseLostAt: identity.lostAt } : {}),
    broken: broken.list(),
    alarms: alarmReports(running.services),
    lifecyclePolicies: lifecyclePolicyReports(running.services),
    mongo: mongoReports(running.services),
    functions: running.services.functions.stats(),
    wall: "missing" in wall ? wall : { name: wall.name },
  };
}

async function open(options: HostOptions, closing: Closing): Promise<Host> {
  const { home, log = () => {} } = options;
  const booted = await boot(options, closing);
  const { services } = booted.running;
  const kinds = new Map(resourceKinds.map((kind) => [kind.type, kind]));
  const { takeOver: takesOver } = options.rehearsal ?? NO_REHEARSAL;
  const { table, broken } = booted;
  const code = codeStore(services.dir);
  const resources = new ResourceManager({ table, kinds, code, services, broken, takesOver });
  const status = () => statusOf(file, booted);
  const stop = options.onStop ?? (() => void closing.run());
  const control = await startControl({
    token: controlToken(paths.hostToken(home)),
    resources,
    status,
    stop,
    onError: (error, request) => log(`${request}: ${error instanceof Error ? error.stack : error}`),
  });
  closing.add(() => control.close());
  const file = hostFile(booted, control.url, services.clock.now());
  writeDurably(paths.hostFile(home), `${JSON.stringify(file, undefined, 2)}\n`);
  closing.add(() => rmSync(paths.hostFile(home), { force: true }));
  return { file, services, status, close: () => closing.run() };
}

/**
 * Starts the AWS of this machine in this process, with everything that was there before.
 * @throws localError HOST_ALREADY_RUNNING, HOST_FOLDER_UNWRITABLE, HOST_SETTINGS_INVALID, HOST_DATABASE_CORRUPT,
 *   PORT_TAKEN, AWS_PORT_TAKEN, LISTEN_INVALID; nothing stays running then
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const closing = new Closing();
  try {
    return await open(options, closing);
  } catch (error) {
    await closing.run().catch(() => undefined);
    throw error;
  }
}
