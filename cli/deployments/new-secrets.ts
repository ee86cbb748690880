import { readFileSync } from "node:fs";
import { dirname, resolve as resolvePath } from "node:path";
import { STORED_SECRET, secretReference } from "../../infra/option-values";
import { type Option, options, type Resolved, type SecretReference, type Written } from "../../infra/options";
import { presetNamed } from "../../runtime/verify/presets";
import { cliError } from "../errors";
import type { Io } from "../io";
import { shellQuote } from "../operate/shell-quote";
import { parseCodeSecrets } from "./code-secrets";

/** AWS allows 4 KB for all environment variables of a function together; the others need less than 1 KB. Bytes. */
export const SECRET_ROOM = 3 * 1024;
const MONGO_URI = /^mongodb(\+srv)?:\/\/./;

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

type Given = Exclude<SecretReference, { from: "config" }>;

/** A command that leads on where a reference leads to nothing: it asks for the value, and shows it to nobody. */
function wayOn(reference: Given): string {
  if (reference.from === "env") return `read -rs ${reference.name} && export ${reference.name}`;
  if (reference.from === "file") return `ls -la ${shellQuote(dirname(reference.path))}`;
  return "read -rs SECRET && export SECRET";
}

/** The text that a reference leads to; "" when there is nothing. Throws SECRET_MISSING for a file that cannot be read. */
async function secretFrom(reference: Given, what: string, io: Io): Promise<string> {
  if (reference.from === "stdin") return (await readAll(io.stdin)).trim();
  if (reference.from === "env") return io.env[reference.name]?.trim() ?? "";
  try {
    return readFileSync(resolvePath(io.cwd, reference.path), "utf8").trim();
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : "it cannot be read";
    const facts = { what, from: `file:${reference.path}`, why, hint: wayOn(reference) };
    throw cliError("SECRET_MISSING", facts, error);
  }
}

/** For a reference that leads to nothing. */
function secretMissing(reference: Given, { what, from }: { what: string; from: string }, io: Io): Error {
  const unset = reference.from === "env" && io.env[reference.name] === undefined;
  const instead = reference.from === "stdin" ? "; env:SECRET in its place reads the variable" : "";
  const why = unset ? "it is not set" : `it is empty${instead}`;
  return cliError("SECRET_MISSING", { what, from, why, hint: wayOn(reference) });
}

/**
 * The value behind what a person typed; undefined when that is no reference. Throws SECRET_MISSING.
 * @param what begins a sentence: "--secret", "The secret"
 */
export async function typedSecret(text: string, what: string, io: Io): Promise<string | undefined> {
  const reference = secretReference(text);
  if (!reference || reference.from === "config") return undefined;
  const value = await secretFrom(reference, what, io);
  if (value === "") throw secretMissing(reference, { what, from: text }, io);
  return value;
}

/** What such a secret must look like; undefined when it does, or when nobody knows. */
function wanted({ name }: Option, value: string, { verify }: Pick<Resolved, "verify">): string | undefined {
  if (name === "mongoUri")
    return MONGO_URI.test(value) ? undefined : "must begin with mongodb:// or mongodb+srv://";
  if (name === "secret") return presetNamed(verify)?.secretProblem?.(value);
  if (name !== "codeSecrets") return undefined;
  return parseCodeSecrets(value) ? undefined : "must be JSON of names and values, or lines NAME=value";
}

/** A command that tells how such a secret must look. */
export function aboutSecret(name: Option["name"], verify: string): string {
  const ofPreset = (name === "secret" || name === "verifyToken") && presetNamed(verify);
  return ofPreset ? `nami verify show ${verify}` : "nami help up";
}

/**
 * The value behind `@-`, `env:NAME` or `file:PATH`.
 * Throws SECRET_MISSING, SECRET_TOO_LARGE, SECRET_INVALID; none of them repeats a value.
 */
export async function secretValue(
  option: Option,
  text: string,
  resolved: Pick<Resolved, "verify">,
  io: Io,
): Promise<string> {
  // A reference it is: the schema has said so.
  const value = (await typedSecret(text, `--${option.flag}`, io))!;
  const facts = {
    what: `--${option.flag}: what ${text} gives`,
    hint: aboutSecret(option.name, resolved.verify),
  };
  const have = Buffer.byteLength(value);
  if (have > SECRET_ROOM) throw cliError("SECRET_TOO_LARGE", { ...facts, have, limit: SECRET_ROOM });
  const problem = wanted(option, value, resolved);
  if (problem) throw cliError("SECRET_INVALID", { ...facts, problem });
  return option.name === "codeSecrets" ? JSON.stringify(parseCodeSecrets(value)) : value;
}

/** Values of the secrets that are given anew, by option name. Throws what secretValue does. */
export async function newSecrets(
  written: Written,
  resolved: Pick<Resolved, "verify">,
  io: Io,
): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const option of options.filter(({ kind }) => kind === "secret")) {
    const text = written[option.name];
    if (text !== undefined && text !== STORED_SECRET)
      secrets[option.name] = await secretValue(option, String(text), resolved, io);
  }
  return secrets;
}
