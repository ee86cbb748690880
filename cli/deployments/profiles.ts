import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeDurably } from "../../local/durable";
import { namiHome, paths } from "../../local/paths";
import type { Args } from "../command";
import type { Io } from "../io";

type Profiles = Record<string, string>;

const file = (home: string) => join(paths.work(home), "profiles.json");

function read(home: string): Profiles {
  try {
    return JSON.parse(readFileSync(file(home), "utf8")) as Profiles;
  } catch {
    return {};
  }
}

/** What was asked for, "" included: that takes back what is remembered. */
function asked(args: Args, io: Io): string | undefined {
  return (args.profile as string | undefined) ?? io.env.NAMI_PROFILE;
}

/** As whom one goes to a name; undefined when nobody was asked for. */
export function rememberedProfile(home: string, name: string): string | undefined {
  return read(home)[name];
}

/**
 * Has everything after this work as the AWS profile that was asked for, or that is remembered for the name. The SDK, the
 * engine and its provider all read it from the environment, where keys would win over a profile: they are taken out.
 */
export function useProfile(args: Args, io: Io): void {
  const profile = asked(args, io) ?? rememberedProfile(namiHome(io.env), args.name);
  if (!profile) return;
  io.env.AWS_PROFILE = profile;
  for (const key of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) delete io.env[key];
}

function keep(home: string, profiles: Profiles): void {
  mkdirSync(dirname(file(home)), { recursive: true });
  writeDurably(file(home), JSON.stringify(profiles, null, 2));
}

/** Of a name that is gone, and whose next namesake is another's business. */
export function forgetProfile(home: string, name: string): void {
  const { [name]: before, ...others } = read(home);
  if (before !== undefined) keep(home, others);
}

/** Remembers for the name what was asked for: it is how this machine's user goes there, nobody else's business. */
export function rememberProfile(home: string, args: Args, io: Io): void {
  const profile = asked(args, io);
  const { [args.name]: before, ...others } = read(home);
  if (profile === undefined || profile === before) return;
  keep(home, profile ? { ...others, [args.name]: profile } : others);
}
