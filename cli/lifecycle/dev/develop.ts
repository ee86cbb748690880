import type { BundledOptions, BundleRequest, UserKind } from "../../../infra/bundle";
import type { Args } from "../../command";
import { type Deployed, operated } from "../../deployments/deployments";
import { readDevMark, removeDevMark, writeDevMark } from "../../deployments/dev-mark";
import { makeProgramDir } from "../../deployments/room";
import { cliError } from "../../errors";
import { writableHome } from "../../home";
import type { Io } from "../../io";
import { checkAccount } from "../../operate/aws-credentials";
import { FUNCTIONS } from "../../operate/function-logs";
import { LiveCode } from "../../operate/live-code";
import { holding, stacksOf } from "../hold";
import { refuseOtherMachine } from "../local-machine";

/** What is told while it goes on. */
export interface DevView {
  /** What is watched, once all is ready. */
  watching(deployment: Deployed, files: Record<string, string>): void;
  /** A change is live, after so many milliseconds; 0: the function runs this code already. */
  live(kind: UserKind, ms: number): void;
  /** The code that ran before runs on. */
  problem(kind: UserKind, error: unknown): void;
  /** Shows the functions' logs until the signal is aborted. */
  logs(deployment: Deployed, signal: AbortSignal): Promise<void>;
}

/** How a session ended. */
export interface Developed {
  name: string;
  /** The functions may run another code than the stack says. */
  changed: boolean;
}

const KINDS = ["pre-queue", "post-queue"] as const;

type Watched = BundleRequest & { kind: UserKind; userFile: string };

/** What is bundled for the functions that have the user's code in them, as their last `up` did. Throws DEV_NO_CODE. */
async function watchedOf({ home, name, outputs }: Deployed): Promise<Watched[]> {
  const { userRequest } = await import("../../../infra/bundle");
  const options = { ...(outputs.options as Omit<BundledOptions, "name">), name };
  const cwd = makeProgramDir(home);
  const all = KINDS.map((kind) => ({ ...userRequest(kind, options), cwd }));
  const watched = all.filter((request): request is Watched => typeof request.userFile === "string");
  if (watched.length === 0) throw cliError("DEV_NO_CODE", { name });
  return watched;
}

interface Session {
  deployment: Deployed;
  view: DevView;
  signal: AbortSignal;
  /** Called before a function gets other code. */
  onPut(): void;
}

/** One function: its code follows the file until the signal is aborted. */
async function follow(request: Watched, { deployment, view, signal, onPut }: Session): Promise<void> {
  const { watchHandler } = await import("../../../infra/watch-handler");
  const { kind } = request;
  const functionName = String(deployment.outputs[`${FUNCTIONS[kind]}Function`]);
  const live = await LiveCode.open(deployment, functionName, `${kind}.js`);
  const put = async (code: Buffer, seen: number) => {
    if (live.runs(code)) return view.live(kind, 0);
    onPut();
    await live.put(code, signal);
    view.live(kind, Math.round(performance.now() - seen));
  };
  try {
    await watchHandler(request, { signal, onCode: put, onProblem: (error) => view.problem(kind, error) });
  } finally {
    live.close();
  }
}

/** All of them, and the logs; the first that fails ends the others. */
async function together(session: Session, watched: Watched[], outer: AbortSignal): Promise<void> {
  const { deployment, view } = session;
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  const parts = [
    ...watched.map((request) => follow(request, { ...session, signal })),
    view.logs(deployment, signal),
  ];
  const ended = parts.map((part) =>
    part.catch((error) => {
      failed.abort();
      throw error;
    }),
  );
  const results = await Promise.allSettled(ended);
  const fault = results.find((result) => result.status === "rejected");
  if (fault) throw fault.reason;
}

/**
 * `nami dev`: puts every saved change of the user's code live, until `io.signal` is aborted. The name is marked before the
 * first, so that the next `up` puts its own code there, whatever becomes of this process.
 * Throws DEV_NO_CODE, DEV_NOT_OFFERED, LOCKED, and what stands in the way of asking AWS.
 */
export async function develop(args: Args, io: Io, view: DevView): Promise<Developed> {
  const { name } = args;
  const { backend } = await operated(args, io);
  writableHome(io);
  const what = { backend, io, name, command: `dev ${name}`, stacks: stacksOf(name) };
  return holding(what, async (held) => {
    // Only now: an `up` may have come to its end meanwhile.
    const deployment = await operated(args, held.io);
    const watched = await watchedOf(deployment);
    const { home, target, region } = deployment;
    if (target === "local") await refuseOtherMachine(backend, name);
    else await checkAccount({ home, target, region, io }, [await backend.stack("nami", name)]);
    const before = await readDevMark(backend, name);
    const mark = await writeDevMark(backend, name, io.now());
    let changed = before !== undefined;
    const onPut = () => {
      changed = true;
    };
    view.watching(deployment, Object.fromEntries(watched.map(({ kind, userFile }) => [kind, userFile])));
    try {
      await together({ deployment, view, signal: held.io.signal, onPut }, watched, held.io.signal);
      // The lock was lost rather than let go.
      if (!io.signal.aborted) held.io.signal.throwIfAborted();
    } finally {
      if (!changed) await removeDevMark(backend, name, mark.edition);
    }
    return { name, changed };
  });
}
