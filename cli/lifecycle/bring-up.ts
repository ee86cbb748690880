import { namiHome } from "../../local/paths";
import type { Args } from "../command";
import { checkName } from "../command-line/names";
import { type Backend, backendOf, rememberedState, rememberState } from "../deployments/backend";
import { operatedBy } from "../deployments/deployments";
import { rememberProfile } from "../deployments/profiles";
import { checkTyped } from "../deployments/settings";
import { askedState } from "../deployments/state";
import { withWorkbench } from "../deployments/workbench";
import { countChanges } from "../display/diff";
import { makeProgress, type Progress } from "../display/progress";
import { cliError } from "../errors";
import { writableHome } from "../home";
import type { Io } from "../io";
import { takeLock } from "../lock";
import { checkAccount } from "../operate/aws-credentials";
import { decide, ownStacks, withMongoPort } from "./decide";
import { prepareLocalTarget } from "./local-target";
import { checkMongoPort } from "./mongo-port";
import { guessPlace } from "./place";
import { awaitReady, type Ready } from "./readiness";
import { senderUrl } from "./sender-url";
import { bringUpStack, ensureData, ensureGateway, type Work } from "./shared-stacks";
import { checkUserCode } from "./user-code";

/** What an `up` has to tell. */
export interface BroughtUp {
  name: string;
  url: string;
  target: string;
  region: string;
  /** Whether signatures are checked. */
  verified: boolean;
  /** How many resources were created, changed, replaced, deleted; {} when nothing was. */
  changes: ReturnType<typeof countChanges>;
  ready: Ready;
}

const READY_SECONDS = { local: 30, aws: 180 } as const;

/** Whether the name may have been deployed before: in shared state perhaps by somebody else. */
export function mayHaveKept(args: Args, io: Io): boolean {
  return (
    rememberedState(namiHome(io.env), args.name) !== undefined || askedState(args.state, io) !== undefined
  );
}

/** A name stays where its state is. Throws PLACE_CHANGED when another place is asked for. */
export function backendFor(args: Args, io: Io): Backend {
  const home = namiHome(io.env);
  const backend = backendOf(home, io, args.name, args.state);
  const asked = askedState(args.state, io);
  if (asked && asked !== backend.state) {
    throw cliError("PLACE_CHANGED", { name: args.name, flag: "state", was: backend.state, wanted: asked });
  }
  return backend;
}

async function deploy(args: Args, io: Io, work: Work): Promise<BroughtUp> {
  const { bench, chosen, progress, changes } = work;
  const { name } = args;
  const { target, region } = chosen.resolved;
  if (target === "local") {
    progress.phase("Machine");
    await prepareLocalTarget({ home: bench.home, io, ownMongo: !chosen.resolved.mongoUri }, progress);
  }
  rememberState(bench.home, name, bench.state);
  rememberProfile(bench.home, args, io);
  await ensureGateway(work);
  await ensureData(work, name);
  progress.phase(`Pipeline ${name}`);
  const { programWith } = await import("../../infra/program");
  const program = () => programWith({ upgradeHost: args.upgradeHost === true });
  const outputs = await bringUpStack(work, { project: "nami", stack: name }, program);
  const deployment = operatedBy(bench.home, outputs);
  const seconds = READY_SECONDS[target];
  const ready = await awaitReady({ io, deployment, outputs, progress, seconds });
  const { url, verified } = outputs as { url: string; verified: boolean };
  return {
    name,
    url: senderUrl(bench.home, target, url),
    target,
    region,
    verified,
    changes: countChanges(changes),
    ready,
  };
}

async function underLock(args: Args, io: Io, backend: Backend, progress: Progress): Promise<BroughtUp> {
  const { home, state } = backend;
  const place = guessPlace(args, io, await ownStacks(backend, args.name));
  return withWorkbench({ home, io, state, ...place, verbose: args.verbose }, async (bench) => {
    const { chosen: asked, before, standing } = await decide(args, io, { bench, backend });
    await checkUserCode(home, args.name, asked.resolved);
    if (asked.resolved.target === "local") await checkMongoPort(asked.written.mongoPort, before?.mongoPort);
    else await checkAccount({ ...asked.resolved, home, io }, Object.values(standing));
    const chosen = await withMongoPort(asked, { home, name: args.name, io, reserve: true });
    const refresh = args.refresh === true;
    return deploy(args, io, { bench, backend, chosen, progress, changes: [], refresh });
  });
}

/** `nami up`: see DESIGN, "The life of nami up". Throws what stands in docs/errors.md. */
export async function bringUp(args: Args, io: Io): Promise<BroughtUp> {
  checkName(args.name);
  checkTyped(args, io, { mayHaveKept: mayHaveKept(args, io) });
  const backend = backendFor(args, io);
  const { home } = backend;
  writableHome(io);
  const lock = takeLock({ home, name: args.name, command: `up ${args.name}`, now: io.now });
  const progress = makeProgress(io, args);
  try {
    return await underLock(args, io, backend, progress);
  } finally {
    progress.end();
    lock.release();
  }
}
