import type { Preset } from "../../runtime/verify/preset";
import { presetNamed, presets } from "../../runtime/verify/presets";
import type { Args, Command } from "../command";
import { described, timeWithin } from "../display/preset-facts";
import { facts, table } from "../display/table";
import { cliError } from "../errors";
import { type Io, json, line } from "../io";
import { unknownPreset } from "../send/unknown-preset";

const usage = (problem: string) => cliError("USAGE", { problem, verb: "verify" });

const experimental = "nothing of the provider's: experimental";

function list(args: Args, io: Io): void {
  if (args.json) {
    json(io, presets.map(described));
    return;
  }
  const rows = presets.map((preset) => [
    preset.name,
    preset.title,
    preset.coversBody ? "yes" : "no",
    timeWithin(preset),
    preset.checkedAgainst ?? experimental,
  ]);
  line(io, table(io, ["PRESET", "OF", "BODY SIGNED", "TIME WITHIN", "CHECKED AGAINST"], rows));
}

/** A secret that comes in the handshake is not to be given before: Notion's handshake is refused while there is one. */
function usedAs({ name, secret, secretComesLater, token }: Preset): [string, string][] {
  const own = {
    ip: " --verify-ips 192.0.2.0/24",
    hmac: " --verify-header x-signature",
    custom: " --pre-queue FILE",
  };
  const more = (own as Record<string, string>)[name] ?? "";
  const given = secret && !secretComesLater ? " --secret env:SECRET" : "";
  const up = `nami up <name> --verify ${name}${more}${given}${token ? " --verify-token env:TOKEN" : ""}`;
  return [
    ["used as", up],
    ...(secretComesLater ? ([["then", "nami secret add <name> @-"]] as [string, string][]) : []),
  ];
}

const SIGNED_BY = {
  secret: "",
  "private key": " (signed with a private key: --secret file:PATH)",
  "provider alone": " (to names that do not verify it: nobody but the provider can sign for one that does)",
};

function show(preset: Preset, args: Args, io: Io): void {
  const all = described(preset);
  if (args.json) {
    json(io, all);
    return;
  }
  const rows: [string, string][] = [
    ["preset", all.name],
    ["of", all.title],
    ["documentation", all.docs],
    ["secret", all.secret ?? "none"],
    ...(all.verifyToken ? ([["verify token", all.verifyToken]] as [string, string][]) : []),
    [
      "body",
      all.bodyIsSigned
        ? "signed: a changed one is refused"
        : "not signed: whoever can read along can change it",
    ],
    ["time", all.time],
    [
      "delivery id",
      all.deliveryId.length > 0 ? all.deliveryId.join(", else ") : "a well-known header, else none",
    ],
    ["handshakes", all.handshakes.length > 0 ? all.handshakes.join("; ") : "none"],
    ["checked against", all.checkedAgainst ?? experimental],
    ["events to send", (all.events.join(", ") || "none") + SIGNED_BY[all.eventsSignedBy ?? "secret"]],
    ...usedAs(preset),
  ];
  line(io, facts(io, rows));
}

function known(args: Args): Preset {
  if (args.preset === undefined) throw usage("Which preset? nami verify list shows them.");
  const name = String(args.preset).toLowerCase();
  const preset = presetNamed(name);
  if (preset) return preset;
  throw unknownPreset(
    name,
    presets.map((each) => each.name),
  );
}

export const command: Command = {
  name: "verify",
  usage: "verify <action> [preset]",
  summary: "Whose webhooks can be verified, and how (list|show)",
  describe:
    "Lists what --verify takes: providers by name, and generic ways for any other sender. `show` says what the secret is and " +
    "where to find it, what the signature covers, which handshakes are answered, and what the preset was checked against.",
  examples: ["nami verify list", "nami verify show stripe", "nami verify show github --json"],
  run: async (args, io) => {
    const { action } = args as unknown as { action: string };
    if (action === "list") list(args, io);
    else if (action === "show") show(known(args), args, io);
    else throw usage(`nami verify knows list and show, not "${action}".`);
  },
};
