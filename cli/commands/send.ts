import { randomUUID } from "node:crypto";
import type { Settings } from "../../infra/settings";
import type { Preset } from "../../runtime/verify/preset";
import { presetNamed } from "../../runtime/verify/presets";
import type { Args, Command } from "../command";
import { operated } from "../deployments/deployments";
import { cliError } from "../errors";
import { colors, type Io, json, line, note } from "../io";
import { addressOf } from "../lifecycle/post-probe";
import { type Prepared, type Preparing, prepare } from "../send/prepare";
import type { Sender } from "../send/sender";
import { senderOf, senders } from "../send/senders";
import { unknownPreset } from "../send/unknown-preset";
import { whereToLook } from "../send/where-to-look";
import { faultOf, sendHttp } from "../send-http";

interface What {
  preset: Preset;
  sender: Sender;
  event: string;
}

interface Sent {
  preset: string;
  event: string;
  url: string;
  status: number;
  /** What the sender got to read. */
  body: string;
  bytes: number;
}

const WAIT_MS = 30_000;
/** Of an answer that is shown. Characters. */
const SHOWN = 300;

function unknown(name: string, preset: Preset | undefined): Error {
  if (preset) return cliError("PRESET_WITHOUT_EXAMPLE", { preset: name });
  return unknownPreset(
    name,
    senders.map((sender) => sender.preset),
  );
}

function whatOf(args: Args, deployed: string): What {
  const name = String(args.preset ?? (senderOf(deployed) ? deployed : "standard-webhooks"));
  const [preset, sender] = [presetNamed(name), senderOf(name)];
  if (!preset || !sender) throw unknown(name, preset);
  const known = Object.keys(sender.events);
  const event = String(args.event ?? known[0]);
  if (!known.includes(event)) {
    const facts = { name: args.name, preset: name, event, known: known.join(", "), first: known[0]! };
    throw cliError("EXAMPLE_UNKNOWN", facts);
  }
  return { preset, sender, event };
}

async function post({ method, url, headers, body }: Prepared, signal: AbortSignal) {
  const sent = method === "GET" || method === "HEAD" ? undefined : body;
  const answer = await sendHttp(url, { method, headers, body: sent, signal, patience: WAIT_MS });
  return { ...answer, text: answer.text.trim().slice(0, SHOWN) };
}

function report({ preset, event, url, status, body, bytes }: Sent, io: Io): void {
  const { green } = colors(io);
  line(io, `${green("✓")} ${event} of ${preset}, ${bytes} B, to ${url}: ${status}${body && ` ${body}`}`);
}

/** Throws SECRET_INVALID for what cannot be a key of the preset. */
function signed({ secret }: Args, preparing: Preparing): Prepared {
  try {
    return prepare(preparing);
  } catch (error) {
    if (secret === undefined) throw error;
    const preset = preparing.preset.name;
    const what = `--secret: what ${secret} gives`;
    const problem = `cannot be a key of ${preset}`;
    throw cliError("SECRET_INVALID", { what, problem, hint: `nami verify show ${preset}` }, error);
  }
}

async function send(args: Args, io: Io): Promise<void> {
  const deployed = await operated(args, io);
  const { outputs, name } = deployed;
  const verify = String(outputs.verify ?? "none");
  const what = whatOf(args, verify);
  const { verifySettings } = await import("../../infra/verification");
  const { signingKey } = await import("../send/key");
  const settings = verifySettings({ verify, ...(outputs.options as Partial<Settings>) });
  const key = await signingKey(deployed, what, args, io);
  const url = await addressOf(deployed, outputs.invokeUrl);
  const fresh = { id: randomUUID(), now: new Date(io.now()) };
  const prepared = signed(args, { ...what, url, key, settings, fresh });
  const { status, ok, text } = await post(prepared, io.signal).catch((error: Error) => {
    io.signal.throwIfAborted();
    throw cliError("GATEWAY_UNREACHABLE", { url: prepared.url, reason: faultOf(error), name });
  });
  const sent = {
    preset: what.preset.name,
    event: what.event,
    url: prepared.url,
    status,
    body: text,
    bytes: prepared.body.length,
  };
  if (!ok) throw cliError("EVENT_REFUSED", { ...sent, name, verify, hint: whereToLook(name, status) });
  if (args.json) {
    json(io, sent);
    return;
  }
  report(sent, io);
  if (verify !== what.preset.name) note(io, `  ${name} verifies ${verify}: this signature was not looked at`);
  // A handshake's answer is its own; what is queued is told by its id.
  if (/"id"/.test(text) || what.preset.success) note(io, `  nami events ${name}`);
}

export const command: Command = {
  name: "send",
  usage: "send <name>",
  summary: "Post a real example of a provider's event, rightly signed",
  describe:
    "Posts an event as the provider would: its headers, its fields, signed with the newest secret of the name, with a " +
    "delivery id and a time of its own. Without --preset it is what the name verifies. `nami verify show <preset>` lists the " +
    "events there are.",
  examples: [
    "nami send orders",
    "nami send orders --preset github --event push",
    "nami send orders --preset stripe --secret env:ANOTHER_SECRET",
  ],
  flags: [
    {
      name: "preset",
      type: "string",
      placeholder: "PRESET",
      describe: "Whose event; what the name verifies, without it",
    },
    {
      name: "event",
      type: "string",
      placeholder: "EVENT",
      describe: "Which of its events; the first, without it",
    },
    {
      name: "secret",
      type: "string",
      placeholder: "@-|env:NAME|file:PATH",
      describe: "Signed with this instead of the name's own secret",
    },
  ],
  run: send,
};
