import { CodedError } from "../../runtime/coded-error";
import { cliError } from "../errors";
import { colors, type Io, json, note } from "../io";

const ISSUES = "https://github.com/nami-webhooks/nami/issues/new";

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function printBug(io: Io, error: unknown, asJson: boolean): number {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (asJson) {
    json(io, { error: { code: "BUG", message: text, hint: ISSUES } });
    return 70;
  }
  note(io, `${colors(io).red("error[BUG]")}: this is a fault of Nami's own.\n${text}`);
  note(io, `  try: report it with the lines above: ${ISSUES}`);
  return 70;
}

/**
 * Prints an error for its reader and answers the exit code: 1 expected, 2 usage, 130 cancelled, 70 a bug.
 * @param command what a cancelled person may run again, e.g. "up demo"
 */
export function reportError(
  io: Io,
  error: unknown,
  options: { json: boolean; verbose: boolean; command: string },
): number {
  const known = isAbort(error) ? cliError("CANCELLED", { command: options.command }) : error;
  if (!(known instanceof CodedError)) return printBug(io, known, options.json);
  const { code, message, hint, exitCode } = known;
  if (options.json) {
    json(io, { error: { code, message, hint } });
    return exitCode;
  }
  const color = colors(io);
  note(io, `${color.red(`error[${code}]`)}: ${message}`);
  if (hint) note(io, `  ${color.dim("try:")} ${hint.trim()}`);
  if (options.verbose && known.cause) note(io, String((known.cause as Error).stack ?? known.cause));
  return exitCode;
}
