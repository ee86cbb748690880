import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { MongoClient } from "mongodb";
import { type MongoHostScript, mongoHostScript } from "../../infra/mongo-host-script";
import { type AwsEndpoint, createAwsEndpoint } from "../../local/host/aws-endpoint";
import { createIam, type LocalIam } from "../../local/host/iam/iam";
import { createInstances } from "../../local/host/instances";
import { machineFiles } from "../../local/host/instances/layout";
import { scriptEnvironment } from "../../local/host/instances/script";
import type { Later } from "../../local/host/instances/systemd";
import { createParameters, createSsmEndpoint } from "../../local/host/parameters";
import type { InstanceSpec, Instances, Parameters } from "../../local/host/services";
import type { DataFormat } from "../../local/mongo/engine";
import { findMongoEngine } from "../../local/mongo/find";
import { recordedProcess } from "../../local/mongo/process-record";
import type { MongoStatus } from "../../local/protocol";
import { freePort } from "./home";
import { type MachineHost, startMachineHost } from "./machine-host";
import { memoryFacts } from "./memory-facts";

export const PARAMETER = "/nami/lab/mongo-password";
export const PASSWORD = "correct horse, 'battery' \"staple\" $(id)";

export const VOLUME = "vol-0lab";

type SpecChanges = Partial<InstanceSpec> & { script?: Partial<MongoHostScript> };

/** Instances with everything real around them: roles, signatures, parameters and a Mongo server. */
export interface MachineLab {
  dir: string;
  iam: LocalIam;
  parameters: Parameters;
  instances: Instances;
  port: number;
  spec(instanceId?: string, changes?: SpecChanges): InstanceSpec;
  /** Runs i-1 with the volume attached, and waits for Mongo. */
  boot(changes?: SpecChanges): Promise<MongoStatus>;
  allow(action?: string): void;
  /** Puts a command before the stand-ins; `real` in its text is the stand-in. */
  command(name: string, text: string): void;
  /** The stand-in again. */
  restoreCommand(name: string): void;
  /** Timers of machines that wait. Waits of a few seconds pass by themselves, at once. */
  timersWaiting(): number;
  /** Waits for a timer to be set, and lets it elapse. */
  timerDue(): Promise<void>;
  /** The same, to the end of what it starts. */
  timerRun(): Promise<void>;
  /** What someone does who has logged in to i-1: a line of bash. Resolves with its output. */
  shell(line: string): Promise<string>;
  /** A new host on the same folder, after the old one was closed or killed. */
  reopen(): Instances;
  /** A host in a process of its own on the same folder, to be killed. */
  hostProcess(): Promise<MachineHost>;
  /** What user data and services said. */
  log(instanceId?: string): string;
  until(state: MongoStatus["state"], instanceId?: string): Promise<MongoStatus>;
  /** Resolves when the log has a text so many times. */
  untilLogged(text: string, times?: number): Promise<void>;
  /** Resolves when no script runs on i-1. */
  untilIdle(): Promise<void>;
  mongo(password?: string | null): Promise<MongoClient>;
  /** Inserts a document, durably, and answers the ids of all. */
  store(id: string): Promise<string[]>;
  stored(): Promise<string[]>;
  close(): Promise<void>;
}

const home = () => resolve(process.env.NAMI_TEST_HOME ?? join(__dirname, "..", "..", ".nami", "test-home"));
const ROLE = "lab-mongo-host";

const execute = promisify(execFile);

export async function machineLab(): Promise<MachineLab> {
  const dir = mkdtempSync(join(tmpdir(), "nami-machine-"));
  const iam = createIam({ dir, clock: { now: Date.now } });
  const parameters = createParameters(memoryFacts());
  const endpoint = createAwsEndpoint({ iam, onError: (error) => console.error(error) });
  endpoint.handle("ssm", createSsmEndpoint({ parameters, iam }));
  const awsUrl = await endpoint.listen(0);
  const commands = join(dir, "commands");
  mkdirSync(commands);
  const lab = parts({ dir, iam, parameters, awsUrl, port: await freePort(), commands, endpoint });
  // Waiting is what is tried again, not the time it takes.
  lab.command("sleep", "exec /bin/sleep 0.05");
  parameters.put(PARAMETER, PASSWORD, "SecureString");
  iam.putRole(ROLE, {
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  lab.allow();
  lab.instances.createVolume(VOLUME, 8);
  return lab;
}

/** Timers that wait longer than a few seconds wait for the test. */
class Timers {
  private waiting: (() => void)[] = [];

  get count(): number {
    return this.waiting.length;
  }

  readonly later: Later = (ms, work) => {
    if (ms < 10_000) {
      const timer = setTimeout(work, 0);
      return () => clearTimeout(timer);
    }
    this.waiting.push(work);
    return () => {
      this.waiting = this.waiting.filter((each) => each !== work);
    };
  };

  elapse(): void {
    for (const work of this.waiting.splice(0)) work();
  }
}

interface Room {
  dir: string;
  iam: LocalIam;
  parameters: Parameters;
  awsUrl: string;
  port: number;
  commands: string;
  endpoint: AwsEndpoint;
}

function specIn({ port }: Room, instanceId: string, { script, ...changes }: SpecChanges): InstanceSpec {
  return {
    instanceId,
    region: "us-east-1",
    instanceType: "t4g.small",
    roleName: ROLE,
    privateIp: "127.0.0.1",
    userData: mongoHostScript({
      region: "us-east-1",
      volumeId: VOLUME,
      passwordParameter: PARAMETER,
      mongoVersion: "8.0",
      port,
      ...script,
    }),
    ...changes,
  };
}

function parts(room: Room): MachineLab {
  const { dir, iam, parameters, awsUrl, port, commands, endpoint } = room;
  const timers = new Timers();
  const engine = (format?: DataFormat) => findMongoEngine({ home: home(), env: process.env, format });
  const open = () =>
    createInstances({ dir, iam, awsUrl: () => awsUrl, engine, commandPath: [commands], later: timers.later });
  const hosts: MachineHost[] = [];
  const lab: MachineLab = {
    dir,
    iam,
    parameters,
    port,
    instances: open(),
    spec: (instanceId = "i-1", changes = {}) => specIn(room, instanceId, changes),
    async boot(changes) {
      const spec = lab.spec("i-1", changes);
      await lab.instances.run(spec);
      lab.instances.attach(VOLUME, spec.instanceId, "/dev/sdf");
      return lab.until("running", spec.instanceId);
    },
    allow(action = "ssm:GetParameter") {
      const Resource = `arn:aws:ssm:us-east-1:000000000000:parameter${PARAMETER}`;
      iam.putRolePolicy(ROLE, "read", { Statement: [{ Effect: "Allow", Action: action, Resource }] });
    },
    command(name, text) {
      const dispatcher = join(__dirname, "../../local/host/instances/stand-ins.sh");
      const file = join(commands, name);
      writeFileSync(file, `#!/bin/bash\nreal() { exec bash '${dispatcher}' ${name} "$@"; }\n${text}\n`);
      chmodSync(file, 0o755);
    },
    restoreCommand: (name) => rmSync(join(commands, name)),
    timersWaiting: () => timers.count,
    async timerDue() {
      await eventually(lab, "no timer waits", () => timers.count > 0);
      timers.elapse();
    },
    async timerRun() {
      await lab.timerDue();
      await eventually(lab, "no timer waits again", () => timers.count > 0);
    },
    async shell(line) {
      const machine = join(dir, "instances", "i-1");
      const env = scriptEnvironment({ machine, commandPath: [commands] });
      return (
        await execute("/bin/bash", ["-c", line], { env, cwd: machineFiles(machine).root })
      ).stdout.trim();
    },
    reopen: () => {
      lab.instances = open();
      return lab.instances;
    },
    async hostProcess() {
      const credentials = iam.credentialsFor(ROLE, "ec2.amazonaws.com");
      const host = await startMachineHost({ dir, awsUrl, commands, credentials, home: home() });
      hosts.push(host);
      return host;
    },
    log(instanceId = "i-1") {
      const { userDataLog, journal } = machineFiles(join(dir, "instances", instanceId));
      return [userDataLog, journal]
        .map((file) => (existsSync(file) ? readFileSync(file, "utf8") : ""))
        .join("");
    },
    until: (state, instanceId = "i-1") => until(lab, state, instanceId),
    untilLogged: (text, times = 1) =>
      eventually(
        lab,
        `the log does not say "${text}" ${times} times`,
        () => lab.log().split(text).length > times,
      ),
    untilIdle: () => eventually(lab, "a script runs on and on", () => !isBusy(dir)),
    mongo: (password = PASSWORD) => connect(port, password),
    async store(id) {
      const client = await lab.mongo();
      const options = { writeConcern: { w: 1, j: true } } as const;
      await client.db("x").collection<{ _id: string }>("y").insertOne({ _id: id }, options);
      await client.close();
      return lab.stored();
    },
    async stored() {
      const client = await lab.mongo();
      const found = await client.db("x").collection("y").find().toArray();
      await client.close();
      return found.map((one) => String(one._id)).sort();
    },
    async close() {
      for (const host of hosts) host.kill();
      await lab.instances.close();
      await endpoint.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return lab;
}

/** Whether a recorded script of i-1 is alive. */
function isBusy(dir: string): boolean {
  const { userDataPid, units } = machineFiles(join(dir, "instances", "i-1"));
  const pids = existsSync(units) ? readdirSync(units).map((name) => join(units, name)) : [];
  return [userDataPid, ...pids].some((file) => recordedProcess(file) !== undefined);
}

async function eventually(lab: MachineLab, problem: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!holds()) {
    if (Date.now() > deadline) {
      throw new Error(`${problem}; ${JSON.stringify(lab.instances.list())}; the log:\n${lab.log()}`);
    }
    await sleep(10);
  }
}

async function until(lab: MachineLab, state: string, instanceId: string): Promise<MongoStatus> {
  const status = () => lab.instances.status(instanceId);
  await eventually(lab, `${instanceId} is not ${state}`, () => status().state === state);
  return status();
}

/** A connected client; `null` for one without a login. */
async function connect(port: number, password: string | null): Promise<MongoClient> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: 3000,
    ...(password === null ? {} : { auth: { username: "nami", password } }),
  });
  try {
    await client.db("admin").command({ ping: 1 });
    return client;
  } catch (error) {
    // One that was refused goes on looking for its server.
    await client.close();
    throw error;
  }
}
