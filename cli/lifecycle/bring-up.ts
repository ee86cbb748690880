import type { Args } from "../command";
import { checkName } from "../command-line/names";
import type { Backend } from "../deployments/backend";
import { operatedBy } from "../deployments/deployments";
import { removeDevMark } from "../deployments/dev-mark";
import { rememberState } from "../deployments/places";
import { rememberProfile } from "../deployments/profiles";
import { providerFor, type SecretsProvider } from "../deployments/secrets-provider";
import { checkTyped } from "../deployments/settings";
import { withWorkbench } from "../deployments/workbench";
import { countChanges } from "../display/diff";
import { makeProgress, type Progress } from "../display/progress";
import { writableHome } from "../home";
import type { Io } from "../io";
import { checkAccount } from "../operate/aws-credentials";
import { decide, ownStacks, withMongoPort } from "./decide";
import { type Held, holding, stacksOf } from "./hold";
import { claimMachine, refuseOtherMachine } from "./local-machine";
import { prepareLocalTarget } from "./local-target";
import { mailToConfirm } from "./mail-to-confirm";
import { checkMongoPort } from "./mongo-port";
import { backendFor, guessPlace, mayHaveKept } from "./place";
import { awaitReady, type Ready } from "./readiness";
import { senderUrl } from "./sender-url";
import { settleMongo } from "./settle-mongo";
import { bringUpStack, ensureData, ensureGateway, type Work } from "./shared-stacks";
import { checkUserCode } from "./user-code";

/** Of the outputs of a name's stack. */
type Facts = { url: string; verified: boolean; verify: string; secrets: unknown[] };

/** What an `up` has to tell. */
export interface BroughtUp {
  name: string;
  url: string;
  target: string;
  region: string;
  /** Whether signatures are checked. */
  verified: boolean;
  /** The preset. */
  verify: string;
  /** How many secrets count. */
  secrets: number;
  /** How many resources were created, changed, replaced, deleted; {} when nothing was. */
  changes: ReturnType<typeof countChanges>;
  ready: Ready;
  /** Who has a mail of AWS's to confirm before alarms reach them. */
  toConfirm?: string;
}

/** On AWS a machine boots, installs Docker and fetches MongoDB before anything can be ready. */
const READY_SECONDS = { local: 30, aws: 600 } as const;

async function deploy(args: Args, io: Io, work: Work): Promise<BroughtUp> {
  const { bench, chosen, progress, changes } = work;
  const { name } = args;
  const { target, region } = chosen.resolved;
  if (target === "local") {
    progress.phase("Machine");
    await refuseOtherMachine(work.backend, name);
    await prepareLocalTarget({ home: bench.home, io, ownMongo: !chosen.resolved.mongoUri }, progress);
    await claimMachine(work.backend, name);
  }
  await ensureGateway(work);
  // Not before: of an `up` that comes to nothing at all, no place shall be remembered.
  rememberState(bench.home, name, bench.state);
  rememberProfile(bench.home, args, io);
  await ensureData(work, name);
  progress.phase(`Pipeline ${name}`);
  const { programWith } = await import("../../infra/program");
  const program = () => programWith({ upgradeHost: args.upgradeHost === true });
  const outputs = await bringUpStack(work, { project: "nami", stack: name }, program);
  if (chosen.edition) await removeDevMark(work.backend, name, chosen.edition);
  const deployment = operatedBy(bench.home, outputs);
  const seconds = READY_SECONDS[target];
  const ready = await awaitReady({ io, deployment, outputs, progress, seconds });
  await settleMongo(work, deployment);
  const { url, verified, verify, secrets } = outputs as Facts;
  const toConfirm = mailToConfirm(chosen.resolved, changes);
  return {
    name,
    url: senderUrl(bench.home, target, url),
    target,
    region,
    verified,
    verify,
    secrets: secrets.length,
    changes: countChanges(changes),
    ready,
    ...(toConfirm && { toConfirm }),
  };
}

async function underLock(
  args: Args,
  held: Held,
  {
    backend,
    secretsProvider,
    progress,
  }: { backend: Backend; secretsProvider: SecretsProvider; progress: Progress },
): Promise<BroughtUp> {
  const { home, state } = backend;
  const { io } = held;
  const place = guessPlace(args, io, await ownStacks(backend, args.name));
  const request = { home, ...held, state, secretsProvider, ...place, verbose: args.verbose };
  return withWorkbench(request, async (bench) => {
    const { chosen: asked, before, standing } = await decide(args, io, { bench, backend });
    if (before?.secret !== undefined && asked.written.secret === undefined)
      progress.say(`The secret of --verify ${before.verify} is let go of, with that.`);
    await checkUserCode(home, args.name, asked.resolved);
    if (asked.resolved.target === "local") await checkMongoPort(asked.written.mongoPort, before?.mongoPort);
    else await checkAccount({ ...asked.resolved, home, io }, Object.values(standing));
    const chosen = await withMongoPort(asked, { home, name: args.name, io, reserve: true });
    const refresh = args.refresh === true;
    return deploy(args, io, { bench, backend, chosen, progress, changes: [], refresh });
  });
}

/** `nami up`. Throws what stands in docs/errors.md. */
export async function bringUp(args: Args, io: Io): Promise<BroughtUp> {
  checkName(args.name);
  checkTyped(args, io, { mayHaveKept: mayHaveKept(args, io) });
  const backend = await backendFor(args, io);
  writableHome(io);
  const secretsProvider = await providerFor(args, io, backend, "up");
  const { name } = args;
  const progress = makeProgress(io, args);
  try {
    const what = { backend, io, name, command: `up ${name}`, stacks: stacksOf(name) };
    return await holding(what, (held) => underLock(args, held, { backend, secretsProvider, progress }));
  } finally {
    progress.end();
  }
}
