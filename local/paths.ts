import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where everything of Nami's own lives: NAMI_HOME, else ~/.nami. Absolute. */
export function namiHome(env: NodeJS.ProcessEnv = process.env): string {
  return env.NAMI_HOME ? resolve(env.NAMI_HOME) : join(homedir(), ".nami");
}

/** The rooms under NAMI_HOME. */
export const paths = {
  host: (home: string) => join(home, "host"),
  hostFile: (home: string) => join(home, "host", "host.json"),
  hostSettings: (home: string) => join(home, "host", "settings.json"),
  hostToken: (home: string) => join(home, "host", "token"),
  hostDatabase: (home: string) => join(home, "host", "host.db"),
  hostLog: (home: string) => join(home, "host", "host.log"),
  tools: (home: string) => join(home, "tools"),
  state: (home: string) => join(home, "state"),
  locks: (home: string) => join(home, "locks"),
  passphrase: (home: string) => join(home, "passphrase"),
  pulumi: (home: string) => join(home, "pulumi"),
  work: (home: string) => join(home, "work"),
};
