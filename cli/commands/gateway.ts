import { optionsOf } from "../../infra/options";
import { readSettings } from "../../local/host/settings";
import { namiHome } from "../../local/paths";
import type { Args, Command } from "../command";
import { hostFlags } from "../command-line/host-options";
import { Backend } from "../deployments/backend";
import { providerFor } from "../deployments/secrets-provider";
import { checkTyped } from "../deployments/settings";
import { askedState, ownState } from "../deployments/state";
import { gatewayLines } from "../display/gateway-text";
import { makeProgress } from "../display/progress";
import { facts } from "../display/table";
import { cliError } from "../errors";
import { writableHome } from "../home";
import { type Io, json, line, note } from "../io";
import { type GatewayFacts, gatherGateway } from "../lifecycle/gateway-facts";
import { moveGateway, wantedSettings } from "../lifecycle/local-gateway";
import { namesAt } from "../lifecycle/names-at";
import { askedPlace, gatewayRoom } from "../lifecycle/place";

const usage = (problem: string) => cliError("USAGE", { problem, verb: "gateway" });

interface Place {
  home: string;
  backend: Backend;
  target: string;
  region: string;
}

function placeOf(args: Args, io: Io): Place {
  const home = namiHome(io.env);
  const backend = new Backend(home, io, askedState(args.state, io) ?? ownState(home));
  return { home, backend, ...askedPlace(args, io) };
}

function show(found: GatewayFacts, args: Args, io: Io): void {
  if (args.json) json(io, found);
  else line(io, facts(io, gatewayLines(found)));
}

/** Whether anything of the deployed gateway is to change. */
function setsOptions(args: Args, io: Io): boolean {
  const own = optionsOf("gateway").filter(({ scope }) => scope === "gateway");
  return own.some(({ name, env }) => args[name] !== undefined || io.env[env] !== undefined);
}

function checkAsked(args: Args, io: Io, { home, target }: Place): void {
  checkTyped(args, io, { of: "gateway", mayHaveKept: true });
  const wanted = wantedSettings(readSettings(home), args);
  if (!wanted && !setsOptions(args, io))
    throw usage("Nothing to set: give --listen, --public-url or an option of `nami help gateway`.");
  if (target === "aws" && wanted)
    throw usage("--listen and --public-url are of the gateway of this machine.");
  if (target !== "aws" && (args.domain || args.certificateArn))
    throw usage("On this machine a domain of your own is --public-url, before which a TLS proxy stands.");
}

/** The options of the deployed gateway. The engine is loaded only here. */
async function setOptions(args: Args, io: Io, place: Place): Promise<void> {
  const { withWorkbench } = await import("../deployments/workbench");
  const { setGateway } = await import("../lifecycle/set-gateway");
  const { home, backend, target, region } = place;
  const progress = makeProgress(io, args);
  progress.phase("Gateway");
  try {
    if (target === "local") {
      const { startLocalHost } = await import("../lifecycle/local-target");
      const { claimMachine, refuseOtherMachine } = await import("../lifecycle/local-machine");
      await refuseOtherMachine(backend, "The gateway");
      await startLocalHost(home, io);
      await claimMachine(backend, "The gateway");
    } else {
      const { checkAccount } = await import("../operate/aws-credentials");
      const { project, stack } = gatewayRoom(place);
      await checkAccount({ home, target, region, io }, [await backend.stack(project, stack)]);
    }
    const secretsProvider = await providerFor(args, io, backend, "gateway");
    const { state } = backend;
    const request = { home, io, state, secretsProvider, target, region, verbose: args.verbose };
    const room = gatewayRoom(place);
    await withWorkbench(request, (bench) => setGateway(args, io, { bench, backend, progress, room }));
  } finally {
    progress.end();
  }
}

/** What a name was deployed with, it keeps until its next up. */
async function sayWhatFollows(
  before: GatewayFacts,
  after: GatewayFacts,
  place: Place,
  io: Io,
): Promise<void> {
  const names = await namesAt(place.backend, gatewayRoom(place));
  if (names.length === 0) return;
  if (after.url !== before.url && before.url !== null)
    note(io, "The URL of every name is another one now: nami ls");
  if (before.options && !before.accessLogGroup !== !after.accessLogGroup) {
    const ups = names.map((name) => `nami up ${name}`).join(" && ");
    note(io, `Alarms on requests that fail look at the access log, and come or go with it: ${ups}`);
  }
}

async function set(args: Args, io: Io, place: Place): Promise<void> {
  const { home } = place;
  checkAsked(args, io, place);
  writableHome(io);
  const before = await gatherGateway(place);
  const kept = readSettings(home);
  const wanted = wantedSettings(kept, args);
  // Options first: they may be refused, and then nothing was changed.
  if (setsOptions(args, io)) await setOptions(args, io, place);
  if (wanted) await moveGateway(home, kept, wanted);
  const after = await gatherGateway(place);
  show(after, args, io);
  if (!args.quiet) await sayWhatFollows(before, after, place, io);
}

export const command: Command = {
  name: "gateway",
  usage: "gateway <action>",
  summary: "Show or set the shared gateway (show|set)",
  describe:
    "The gateway is the one front door of all names of a target and region. On this machine it listens on 127.0.0.1 until " +
    "told otherwise; with a TLS proxy or a tunnel before it, --public-url is the address that senders see. On AWS it may " +
    "have a domain of your own. An empty value goes back to the default.",
  examples: [
    "nami gateway show",
    "nami gateway set --public-url https://hooks.example.com",
    "nami gateway set --listen 0.0.0.0:6264",
    "nami gateway set --throttle-rate 200 --throttles orders=500/1000",
    "nami gateway set --target aws --region eu-central-1 --domain hooks.example.com --certificate-arn arn:aws:acm:…",
  ],
  flags: hostFlags,
  takesOptions: "gateway",
  run: async (args, io) => {
    const { action } = args as unknown as { action: string };
    const place = placeOf(args, io);
    if (action === "show") show(await gatherGateway(place), args, io);
    else if (action === "set") await set(args, io, place);
    else throw usage(`nami gateway knows show and set, not "${action}".`);
  },
};
