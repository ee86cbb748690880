import { CodedError } from "../../runtime/coded-error";
import { namiHome, paths } from "../paths";
import { rehearsalOf } from "../rehearsal";
import { createHost, type Host } from "./host";
import type { StartOptions, StartReport } from "./start";

/** The daemon. Standard output and error are NAMI_HOME/host/host.log; the parent hears over the channel how it went. */

function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

async function report(message: StartReport): Promise<void> {
  if (!process.connected) return;
  await new Promise<void>((resolve) => {
    // The parent may be gone by now; that is no reason to stop.
    process.send!(message, undefined, undefined, () => resolve());
  });
  if (process.connected) process.disconnect();
}

function coded(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new CodedError(
    "HOST_DID_NOT_START",
    `Nami's host did not start: ${reason}`,
    `tail -n 50 ${paths.hostLog(namiHome())}`,
    1,
  );
}

function stopOn(host: () => Host | undefined): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    log("stopping");
    const closed = host()?.close() ?? Promise.resolve();
    closed.then(
      () => process.exit(0),
      (error) => {
        log(`stopped badly: ${error instanceof Error ? error.stack : error}`);
        process.exit(1);
      },
    );
  };
}

function die(what: string): (error: unknown) => void {
  return (error) => {
    log(`${what}: ${error instanceof Error ? error.stack : error}`);
    process.exit(70);
  };
}

async function main(): Promise<void> {
  process.on("uncaughtException", die("uncaught exception"));
  process.on("unhandledRejection", die("unhandled rejection"));
  let host: Host | undefined;
  const stop = stopOn(() => host);
  try {
    const options = JSON.parse(process.argv[2] ?? "{}") as StartOptions;
    const rehearsal = rehearsalOf(process.env);
    host = await createHost({ home: namiHome(), ...options, log, rehearsal, onStop: stop });
  } catch (error) {
    log(`did not start: ${error instanceof Error ? error.stack : error}`);
    const { code, message, hint, exitCode } = coded(error);
    await report({ error: { code, message, hint, exitCode } });
    process.exit(1);
  }
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // A terminal that closes must not take the host along.
  process.on("SIGHUP", () => {});
  log(`ready, process ${process.pid}, gateway ${host.file.gatewayUrl}`);
  await report({ ready: true });
}

void main();
