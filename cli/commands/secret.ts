import type { Args, Command } from "../command";
import { isSecretName } from "../deployments/code-secrets";
import { operated } from "../deployments/deployments";
import { typedSecret } from "../deployments/new-secrets";
import { table } from "../display/table";
import { moment } from "../display/time-text";
import { cliError } from "../errors";
import { type Io, json, line } from "../io";
import type { SecretChange } from "../lifecycle/change-secrets";

interface SecretFacts {
  verify: string;
  secrets: { number: number; addedAt: string | null }[];
  code: string[];
}

const usage = (problem: string) => cliError("USAGE", { problem, verb: "secret" });

function factsOf(outputs: Record<string, unknown>): SecretFacts {
  return {
    verify: String(outputs.verify ?? "none"),
    secrets: (outputs.secrets ?? []) as SecretFacts["secrets"],
    code: (outputs.codeSecretNames ?? []) as string[],
  };
}

function print({ verify, secrets, code }: SecretFacts, io: Io): void {
  const rows = secrets.map(({ number, addedAt }, i) => [
    String(number),
    `--verify ${verify}`,
    `${addedAt ? moment(addedAt, io.now()) : "with up --secret"}${i === 0 && secrets.length > 1 ? ", the newest" : ""}`,
  ]);
  const own = code.map((name) => [name, "your code", ""]);
  if (rows.length + own.length === 0) line(io, "No secrets.");
  else line(io, table(io, ["SECRET", "OF", "ADDED"], [...rows, ...own]));
}

async function value(args: Args, io: Io): Promise<string> {
  const found = await typedSecret(String(args.from ?? ""), "The secret", io);
  if (found !== undefined) return found;
  throw usage(
    "Give where the secret is: @- (standard input), env:NAME or file:PATH, never the secret itself.",
  );
}

function checkedName(as: unknown): string | undefined {
  if (as === undefined || isSecretName(String(as))) return as as string | undefined;
  throw usage(`--as is a name of letters, digits and underscores, not "${as}".`);
}

async function changeOf(args: Args, io: Io): Promise<SecretChange> {
  const as = checkedName(args.as);
  if (args.action === "add") return { add: await value(args, io), ...(as && { as }) };
  if (as !== undefined) return { as };
  const number = Number(args.from);
  if (!Number.isInteger(number) || number < 1)
    throw usage("Give the number that `nami secret list` shows, or --as NAME for one of your code.");
  return { remove: number };
}

/** An `up` with one secret more or less. */
async function change(args: Args, io: Io): Promise<void> {
  // Not for a name that is to be made: that is the business of `up`.
  await operated(args, io);
  const secretChange = await changeOf(args, io);
  const { bringUp } = await import("../lifecycle/bring-up");
  await bringUp({ ...args, secretChange }, io);
  const { outputs } = await operated(args, io);
  if (args.json) json(io, factsOf(outputs));
  else print(factsOf(outputs), io);
}

export const command: Command = {
  name: "secret",
  usage: "secret <action> <name> [from]",
  summary: "Secrets of a name: list, add, remove (rotation)",
  describe:
    "While a secret takes the place of another, both count: add the new one, change it at the provider, remove the old one. " +
    "Stored events tell by which number they were verified. With --as NAME it is a secret of your own code, which reads it " +
    "as `secrets.NAME`. Values are taken from standard input, an environment variable or a file, and never shown.",
  examples: [
    "nami secret add orders env:NEW_SECRET",
    "nami secret list orders",
    "nami secret remove orders 1",
    "nami secret add orders --as API_KEY file:./api-key",
    "nami secret remove orders --as API_KEY",
  ],
  flags: [
    { name: "as", type: "string", placeholder: "NAME", describe: "A secret of your own code, by this name" },
  ],
  run: async (args, io) => {
    const { action } = args as unknown as { action: string };
    if (action === "list") {
      const { outputs } = await operated(args, io);
      if (args.json) json(io, factsOf(outputs));
      else print(factsOf(outputs), io);
    } else if (action === "add" || action === "remove") await change(args, io);
    else throw usage(`nami secret knows list, add and remove, not "${action}".`);
  },
};
