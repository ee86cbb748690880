import { CodedError } from "../../runtime/coded-error";
import { namiHome, paths } from "../paths";
import { rehearsalOf } from "../rehearsal";
import { isDiskError } from "./disk-error";
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

/**
 * What nobody has caught. A disk that is full or read-only is no end: whatever was being written is not there, its sender
 * hears so, and the same host goes on as soon as there is space again. Anything else is a fault that nobody foresaw.
 */
function uncaught(what: string): (error: unknown) => void {
  return (error) => {
    log(`${what}: ${error instanceof Error ? error.stack : error}`);
    if (!isDiskError(error)) process.exit(70);
  };
}

/** A line that the log's disk does not take is lost, and nothing else. */
function loseLines(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

async function main(): Promise<void> {
  loseLines();
  process.on("uncaughtException", uncaught("uncaught exception"));
  process.on("unhandledRejection", uncaught("unhandled rejection"));
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
