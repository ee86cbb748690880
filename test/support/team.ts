import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { paths } from "../../local/paths";
import { built } from "./built";
import { makeHome, sharedTools, type TestHome } from "./home";
import { demoHome } from "./home-template";
import { type Moto, startMoto } from "./moto";
import { nami, type Result, type RunOptions, root } from "./nami";

/** One of two people with the same state: a NAMI_HOME, a checkout, and what is in the environment. */
export interface Member {
  home: string;
  checkout: string;
  env: Record<string, string>;
  /** A folder for files of one's own. */
  files: string;
  /** Runs a command in this process, or spawns `bin/nami` of the `checkout` in the options. */
  nami(args: string[], options?: RunOptions): Promise<Result>;
  /** As `nami`, but anything but exit 0 fails the test. */
  ok(args: string[], options?: RunOptions): Promise<Result>;
  json<T>(args: string[], options?: RunOptions): Promise<T>;
  /** A command line of bash in the checkout, after the exports of `nami env <name>`. */
  bare(name: string, command: string): Promise<string>;
}

/** Two people, an S3, and one machine that stands for the AWS account both use. */
export interface Team {
  moto: Moto;
  ann: Member;
  bob: Member;
  close(): Promise<void>;
}

function member(home: string, checkout: string, env: Record<string, string>): Member {
  const files = join(home, "files");
  mkdirSync(files, { recursive: true });
  const run: Member["nami"] = (args, options = {}) =>
    nami(home, args, { ...options, env: { ...env, ...options.env } });
  const ok: Member["ok"] = async (args, options) => {
    const result = await run(args, options);
    if (result.code === 0) return result;
    throw new Error(`nami ${args.join(" ")} exited ${result.code}\n${result.out}\n${result.err}`);
  };
  const bare: Member["bare"] = async (name, command) => {
    const exports = (await ok(["env", name])).out;
    const script = `${exports}\nexport PATH="$PATH:${join(root, "test", "support", "language-host")}"\n${command}`;
    const options = { cwd: checkout, env: { ...process.env, NAMI_HOME: home, ...env }, maxBuffer: 1 << 25 };
    return (await promisify(execFile)("bash", ["-euc", script], options)).stdout;
  };
  return {
    ...{ home, checkout, env, files, nami: run, ok, bare },
    json: async <T>(args: string[], options?: RunOptions) =>
      JSON.parse((await ok([...args, "--json"], options)).out) as T,
  };
}

/** The package as it is shipped, in a folder of its own; what npm would install is shared. */
function secondCheckout(dir: string): string {
  built();
  const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
  // A build older than its sources is not used: the times go along.
  const options = { recursive: true, preserveTimestamps: true };
  for (const file of ["package.json", ...files]) cpSync(join(root, file), join(dir, file), options);
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  return dir;
}

/** A NAMI_HOME on the same machine: another person's, who uses the same account. */
function secondHome(dir: string, first: TestHome): string {
  mkdirSync(dir);
  symlinkSync(sharedTools, paths.tools(dir));
  symlinkSync(paths.host(first.dir), paths.host(dir));
  return dir;
}

/**
 * Ann works as everybody does in this checkout; Bob has another NAMI_HOME and another checkout, and knows nothing but
 * where the state is and (unless `env` says otherwise) its passphrase. With `deployed`, `demo` exists
 * already: a copied home whose state was moved to the bucket.
 */
export async function makeTeam({
  env = { PULUMI_CONFIG_PASSPHRASE: "of all of us" },
  deployed = false,
}: {
  env?: Record<string, string>;
  deployed?: boolean;
} = {}): Promise<Team> {
  const moto = await startMoto();
  const state = await moto.bucket("team", "webhooks");
  const dir = mkdtempSync(join(tmpdir(), "nami-team-"));
  const home = await (deployed ? demoHome() : makeHome());
  const checkout = secondCheckout(join(dir, "checkout"));
  const both = { NAMI_STATE: state, ...moto.env, ...env };
  const ann = member(home.dir, root, both);
  if (deployed) await ann.ok(["state", "move", "--from", `file://${paths.state(home.dir)}`, "--to", state]);
  return {
    moto,
    ann,
    bob: member(secondHome(join(dir, "home"), home), checkout, both),
    close: async () => {
      await home.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
      await moto.close();
    },
  };
}
