import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInstances } from "../../local/host/instances";
import type { Credentials, Instances } from "../../local/host/services";
import { findMongoEngine } from "../../local/mongo/find";
import { withTypeScript } from "./register";

/** The instances of one host in a process of its own, so that a test can kill it as it stands. */
export interface MachineHost {
  call<Name extends keyof Instances>(
    name: Name,
    ...args: Parameters<Instances[Name]>
  ): Promise<Awaited<ReturnType<Instances[Name]>>>;
  /** kill -9 */
  kill(): void;
}

interface Setting {
  dir: string;
  awsUrl: string;
  /** Folder of commands that go before the stand-ins. */
  commands: string;
  credentials: Credentials;
  /** NAMI_HOME with the Mongo server. */
  home: string;
}

interface Question {
  id: number;
  name: keyof Instances;
  args: unknown[];
}

export async function startMachineHost(setting: Setting): Promise<MachineHost> {
  const child = fork(__filename, [JSON.stringify(setting)], {
    execArgv: withTypeScript,
  });
  await once(child, "message");
  let id = 0;
  return {
    call: (name, ...args) => ask(child, { id: ++id, name, args }) as never,
    kill: () => void child.kill("SIGKILL"),
  };
}

function ask(child: ChildProcess, question: Question): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const hear = (answer: { id: number; value?: unknown; error?: string }) => {
      if (answer.id !== question.id) return;
      child.off("message", hear);
      if (answer.error) reject(new Error(answer.error));
      else resolve(answer.value);
    };
    child.on("message", hear);
    child.send(question);
  });
}

function serve({ dir, awsUrl, commands, credentials, home }: Setting): void {
  const instances = createInstances({
    dir,
    iam: { credentialsFor: () => credentials },
    awsUrl: () => awsUrl,
    engine: (format) => findMongoEngine({ home, env: process.env, format }),
    commandPath: [commands],
  });
  process.on("message", async ({ id, name, args }: Question) => {
    try {
      const work = instances[name] as (...args: unknown[]) => unknown;
      process.send!({ id, value: await work(...args) });
    } catch (error) {
      process.send!({ id, error: (error as Error).message });
    }
  });
  process.send!({ id: 0 });
}

if (require.main === module) serve(JSON.parse(process.argv[2]!) as Setting);
