import { execFile, spawn } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../infra/package-root";
import { onPath as findProgram } from "../../local/mongo/find";
import { type LongStep, longStep } from "../display/long-step";
import type { Io } from "../io";
import { ENGINE_VERSION } from "./version";

/** The `go` line of the engine's own go.mod. */
export const OLDEST_GO = "1.25.11";
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
/** What a proxy that is busy for a moment makes Go say; worth one more try, for all that was fetched is kept. */
const PASSING = /timeout|connection (reset|refused)|unexpected EOF|TLS handshake|50[0-9] |Temporary failure/i;

/** Throws an Error saying what is wrong with the Go on PATH; answers its path and version. */
export async function findGo(env: NodeJS.ProcessEnv): Promise<{ go: string; version: string }> {
  const go = findProgram("go", env);
  if (!go) throw new Error(`there is no go on PATH (Go ${OLDEST_GO} or newer is needed)`);
  const { stdout } = await promisify(execFile)(go, ["env", "GOVERSION"], {
    env: { ...env, GOTOOLCHAIN: "local" },
  });
  const version = /^go(\d+\.\d+(?:\.\d+)?)/.exec(stdout.trim())?.[1] ?? "0.0.0";
  const [have = [], want = []] = [version, OLDEST_GO].map((text) => text.split(".").map(Number));
  const difference = [0, 1, 2].map((i) => (have[i] ?? 0) - (want[i] ?? 0)).find((d) => d !== 0) ?? 0;
  if (difference < 0) throw new Error(`${go} is Go ${version}; ${OLDEST_GO} or newer is needed`);
  return { go, version };
}

/** go.sum is committed: with it Go needs no checksum database, and a changed module is refused. */
function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    GOTOOLCHAIN: "local",
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GONOSUMDB: "*",
    GOWORK: "off",
  };
}

/** Counts what `go build -v` tells: modules as they come, packages as they are compiled. */
function follow(step: LongStep): (text: string) => string {
  let modules = 0;
  let packages = 0;
  let rest = "";
  let complaints = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("go: downloading ")) modules++;
      else if (/^[a-z0-9.-]+(\/[\w.~-]+)*$/i.test(line)) packages++;
      else complaints = `${complaints}${line}\n`.slice(-2_000);
    }
    step.update(`${modules} modules fetched, ${packages} packages compiled`);
    return complaints;
  };
}

function goBuild(go: string, dir: string, output: string, io: Io, step: LongStep): Promise<void> {
  const flags = [
    "-v",
    "-trimpath",
    "-tags",
    "osusergo,grpcnotrace",
    "-ldflags",
    `-s -w -X ${VERSION_VARIABLE}=v${ENGINE_VERSION}`,
  ];
  const child = spawn(go, ["build", ...flags, "-o", output, PACKAGE], {
    cwd: dir,
    env: goEnvironment(io.env),
    stdio: ["ignore", "ignore", "pipe"],
    signal: io.signal,
  });
  const take = follow(step);
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = take(text);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      complaints = take("\n");
      if (code === 0) resolve();
      else reject(new Error(`go build ended with ${code}: ${complaints.trim() || "it said nothing"}`));
    });
  });
}

/**
 * Builds the engine from its Go modules (tools/engine pins them) into `root/bin/pulumi`: about five minutes on
 * two cores, 115 MB. Throws an Error with the last words of Go.
 */
export async function buildEngine(root: string, io: Io): Promise<void> {
  const { go, version } = await findGo(io.env);
  const source = join(packageRoot(), "tools", "engine");
  const scratch = `${root}.source`;
  mkdirSync(scratch, { recursive: true });
  for (const file of ["go.mod", "go.sum"]) copyFileSync(join(source, file), join(scratch, file));
  const step = longStep(
    io,
    `building the Pulumi engine ${ENGINE_VERSION} with Go ${version} (once, about 5 minutes)`,
  );
  const output = join(root, "bin", "pulumi");
  try {
    await goBuild(go, scratch, output, io, step).catch((error: Error) => {
      if (io.signal.aborted || !PASSING.test(error.message)) throw error;
      return goBuild(go, scratch, output, io, step);
    });
    step.end("done");
  } catch (error) {
    step.end("failed");
    throw error;
  }
}
