import { resolve as resolvePath } from "node:path";
import { type Option, options, optionsOf, type Resolved, type Written } from "../../infra/options";
import { refuseWrongValues, resolve } from "../../infra/resolve-options";
import { OF_OUR_MONGO } from "../../infra/rules";
import { signsUrl } from "../../infra/rules/verification";
import type { Args } from "../command";
import { cliError } from "../errors";
import type { Io } from "../io";
import type { NewConfig } from "./config";
import { newSecrets } from "./new-secrets";

/** Options of one operation, as they go into the stack's config and as the program will read them. */
export interface Chosen extends NewConfig {
  resolved: Resolved;
}

/** A flag's own name in Args is camelCase: the option's name. */
function given(option: Option, args: Args, io: Io): string | undefined {
  return (args[option.name] as string | undefined) ?? io.env[option.env];
}

/** What flags and environment say; `""` means: back to the default. File paths are absolute from here on. */
function typed(among: readonly Option[], args: Args, io: Io): Written {
  const written: Written = {};
  for (const option of among) {
    const value = given(option, args, io);
    if (value === undefined) continue;
    written[option.name] = option.kind === "file" && value ? resolvePath(io.cwd, value) : value;
  }
  return written;
}

/** What says how one provider is verified says nothing of another. Addresses stay, and a URL that is signed. */
const OF_ONE_PRESET =
  /^(secret|verify(Token|Tolerance|Id|Header|Prefix|Encoding|Algorithm|Template|Timestamp|Echo))$/;

/**
 * What excludes each other: choosing one lets go of what was chosen of the other. Data that is kept beside a MongoDB of
 * one's own keeps its options, for whoever goes back to it.
 */
export function letGo(before: Written, now: Written = {}): Written {
  const kept = { ...before };
  if (now.verify !== undefined && now.verify !== (before.verify ?? "none"))
    for (const { name } of options) if (OF_ONE_PRESET.test(name)) delete kept[name];
  const { verify = "none", verifyTemplate } = { ...kept, ...now };
  if (!signsUrl(String(verify), String(verifyTemplate ?? ""))) delete kept.verifyUrl;
  if (OF_OUR_MONGO.some((name) => now[name])) delete kept.mongoUri;
  if (now.mongoUri ?? kept.mongoUri) for (const name of OF_OUR_MONGO) delete kept[name];
  if (now.alarms === "off") delete kept.alarmEmail;
  return kept;
}

function merged(before: Written, now: Written): Written {
  const all = { ...letGo(before, now), ...now };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "")) as Written;
}

/**
 * What can be said of flags and environment alone, before anything is touched. Beside options that may be kept already,
 * only of each by itself. Throws OPTIONS_INVALID.
 */
export function checkTyped(
  args: Args,
  io: Io,
  { of = "name", mayHaveKept }: { of?: NewConfig["of"]; mayHaveKept: boolean },
): void {
  const written = merged({}, typed(optionsOf(of), args, io));
  if (mayHaveKept) refuseWrongValues(written);
  else resolve(written);
}

/** What a move of a name takes: none of it happens by a flag alone. */
function refuseMove(name: string, before: Written, now: Written): void {
  for (const { name: option, flag, default: usual } of options.filter(({ scope }) => scope === "place")) {
    const was = before[option] ?? usual;
    const wanted = now[option];
    if (wanted !== undefined && wanted !== "" && String(wanted) !== String(was)) {
      throw cliError("PLACE_CHANGED", { name, flag, was: String(was), wanted: String(wanted) });
    }
  }
}

/**
 * The options of an operation: flag > NAMI_* variable > last deployment > default.
 * @param before config of the last deployment (or of kept data); undefined for a new name
 * @throws OPTIONS_INVALID with everything that is wrong; PLACE_CHANGED; SECRET_MISSING
 */
export async function chooseOptions(
  args: Args,
  io: Io,
  before: Written | undefined,
  of: NewConfig["of"] = "name",
): Promise<Chosen> {
  const kept = optionsOf(of).filter(({ scope }) => scope !== "person");
  const now = typed(kept, args, io);
  if (before) refuseMove(args.name, before, now);
  const written = merged(before ?? {}, now);
  const resolved = resolve(written);
  // The place is written out: a later version's other default must not move a name.
  const placed: Written = { ...written, target: resolved.target, region: resolved.region };
  return { of, written: placed, resolved, secrets: await newSecrets(placed, resolved, io) };
}
