import { type CodeSecrets, codeSecrets } from "../../code-secrets";
import { commonTools } from "../../code-tools";
import type { PreQueueVerify } from "../../handlers";
import { secretHider } from "../../hide-secrets";
import { reasonOf, stackOf } from "../../log";
import { eventFor } from "../../pre-queue-code";
import { within } from "../../within";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";

/** Providers wait 3 s and more for an answer; longer than this is a mistake. */
const PATIENCE_MS = 5000;

/** What the user's `verify` says of a request. True, or { ok: true }, lets it in; whatever else it is, or throws, does not. */
export async function checkByCode(
  verify: unknown,
  { request, log }: Ask,
  patience = PATIENCE_MS,
): Promise<Checked> {
  if (typeof verify !== "function") return refused("the pre-queue file exports no function verify");
  const secrets = codeSecrets();
  const tools = commonTools(request.id, { log, secrets: demanding(secrets) });
  const late = () => new Error(`it took longer than ${patience / 1000} s`);
  try {
    const work = Promise.resolve((verify as PreQueueVerify)(eventFor(request), tools));
    const said: unknown = await within(patience, work, late);
    if (said === true || okOf(said) === true) return accepted(null);
    return refused(withoutSecrets(`verify says no${reasonIn(said)}`, secrets));
  } catch (error) {
    log?.("error", "verify failed", { code: "VERIFY_FAILED", id: request.id, stack: stackOf(error) });
    return refused(withoutSecrets(`verify failed: ${reasonOf(error)}`, secrets));
  }
}

/** Here a secret that was not set throws: undefined would fit a header that is not there. */
function demanding(secrets: CodeSecrets): CodeSecrets {
  const get = (_: CodeSecrets, name: string | symbol) => {
    if (typeof name !== "string" || Object.hasOwn(secrets, name)) return Reflect.get(secrets, name);
    throw new Error(`the secret ${name} is not set`);
  };
  return new Proxy(secrets, { get });
}

function okOf(said: unknown): unknown {
  return typeof said === "object" && said !== null ? (said as { ok?: unknown }).ok : undefined;
}

function reasonIn(said: unknown): string {
  if (said === false || okOf(said) === false) {
    const { reason } = said as { reason?: unknown };
    return typeof reason === "string" && reason !== "" ? `: ${reason}` : "";
  }
  return ": it returned neither true nor false";
}

/** The reason goes into the log, and is the user's own text. */
function withoutSecrets(text: string, secrets: Readonly<Record<string, string | undefined>>): string {
  return secretHider(Object.values(secrets).filter((each) => each !== undefined))(text);
}

export default {
  name: "custom",
  title: "Your own code",
  docs: "https://github.com/nami-webhooks/nami/blob/main/docs/verification.md",
  checkedAgainst: "nothing to check",
  coversBody: false,
  check: async (ask) => {
    // Not above: the module exists in a function's bundle alone, and the CLI reads this file, too.
    const code = (await import("nami:pre-queue")) as { default: unknown; verify?: unknown };
    return checkByCode(code.verify, ask);
  },
  id: [],
} satisfies Preset;
