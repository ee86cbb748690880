import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { mongoHostScript } from "../../infra/mongo-host-script";
import { type AwsEndpoint, createAwsEndpoint } from "../../local/host/aws-endpoint";
import { createIam, type LocalIam } from "../../local/host/iam/iam";
import { createInstances } from "../../local/host/instances";
import { createParameters, createSsmEndpoint } from "../../local/host/parameters";
import type { InstanceSpec, Instances, Parameters } from "../../local/host/services";
import { findMongoEngine } from "../../local/mongo/find";
import type { MongoStatus } from "../../local/protocol";
import { freePort } from "./home";
import { memoryFacts } from "./memory-facts";

export const PARAMETER = "/nami/lab/mongo-password";
export const PASSWORD = "correct horse, 'battery' \"staple\" $(id)";

/** Instances with everything real around them: roles, signatures, parameters and a Mongo server. */
export interface MachineLab {
  dir: string;
  iam: LocalIam;
  parameters: Parameters;
  instances: Instances;
  port: number;
  spec(instanceId: string, volumeId?: string): InstanceSpec;
  allow(action?: string): void;
  /** Puts a command before the stand-ins; `$real` in its text is the stand-in. */
  command(name: string, text: string): void;
  /** A new host on the same folder; the old one is left as if it had been killed. */
  reopen(): Instances;
  log(instanceId: string): string;
  until(instanceId: string, state: MongoStatus["state"], withinMs?: number): Promise<MongoStatus>;
  mongo(password?: string | null): Promise<MongoClient>;
  close(): Promise<void>;
}

const home = () => resolve(process.env.NAMI_TEST_HOME ?? join(__dirname, "..", "..", ".nami", "test-home"));
const ROLE = "lab-mongo-host";

export async function machineLab(): Promise<MachineLab> {
  const dir = mkdtempSync(join(tmpdir(), "nami-machine-"));
  const iam = createIam({ dir, clock: { now: Date.now } });
  const parameters = createParameters(memoryFacts());
  const endpoint = createAwsEndpoint({ iam, onError: (error) => console.error(error) });
  endpoint.handle("ssm", createSsmEndpoint({ parameters, iam }));
  const awsUrl = await endpoint.listen(0);
  const port = await freePort();
  const commands = join(dir, "commands");
  mkdirSync(commands);
  // Waiting is what is tried again, not the time it takes.
  const lab = parts({ dir, iam, parameters, awsUrl, port, commands, endpoint });
  lab.command("sleep", "exec /bin/sleep 0.1");
  parameters.put(PARAMETER, PASSWORD, "SecureString");
  iam.putRole(ROLE, {
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  lab.allow();
  return lab;
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

function parts(room: Room): MachineLab {
  const { dir, iam, parameters, awsUrl, port, commands, endpoint } = room;
  const open = () =>
    createInstances({
      dir,
      iam,
      awsUrl: () => awsUrl,
      engine: (format) => findMongoEngine({ home: home(), env: process.env, format }),
      commandPath: [commands],
    });
  const lab: MachineLab = {
    dir,
    iam,
    parameters,
    port,
    instances: open(),
    spec: (instanceId, volumeId = "vol-0lab") => ({
      instanceId,
      region: "us-east-1",
      roleName: ROLE,
      privateIp: "127.0.0.1",
      userData: mongoHostScript({
        region: "us-east-1",
        volumeId,
        passwordParameter: PARAMETER,
        mongoVersion: "8.0",
        port,
      }),
    }),
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
    reopen: () => {
      lab.instances = open();
      return lab.instances;
    },
    log(instanceId) {
      const file = join(dir, "instances", instanceId, "user-data.log");
      return existsSync(file) ? readFileSync(file, "utf8") : "";
    },
    until: (instanceId, state, withinMs) => until(lab, instanceId, state, withinMs),
    mongo: (password = PASSWORD) => connect(port, password),
    async close() {
      await lab.instances.close();
      await endpoint.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return lab;
}

async function until(
  lab: MachineLab,
  instanceId: string,
  state: string,
  withinMs = 20_000,
): Promise<MongoStatus> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const status = lab.instances.status(instanceId);
    if (status.state === state) return status;
    if (Date.now() > deadline) {
      throw new Error(
        `${instanceId} is ${JSON.stringify(status)}, not ${state}; its log:\n${lab.log(instanceId)}`,
      );
    }
    await sleep(10);
  }
}

/** A connected client; `null` for one without a login. */
async function connect(port: number, password: string | null): Promise<MongoClient> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: 3000,
    ...(password === null ? {} : { auth: { username: "nami", password } }),
  });
  await client.db("admin").command({ ping: 1 });
  return client;
}
