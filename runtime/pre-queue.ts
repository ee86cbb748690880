import handler, * as file from "nami:pre-queue";
import preset from "nami:preset";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { codeSecrets } from "./code-secrets";
import keepEvery from "./default-pre-queue";
import { type IntakePorts, intake } from "./intake";
import { jsonLog, type Log } from "./log";
import { LINES_A_MINUTE, MinuteBudget } from "./minute-budget";
import { queueClientFromEnv } from "./queue-client";
import { Rejections } from "./rejections";
import { type PreQueueSettings, requiredVariable } from "./settings";
import { limitedFetch } from "./verify/fetch-text";
import { parseSecrets } from "./verify/secrets";
import type { Verifier } from "./verify/verify";

/** For the bundler's check of a user's file before anything is deployed. */
export const userCode: unknown = handler;
export const userVerify: unknown = (file as { verify?: unknown }).verify;

/** The pre-queue Lambda. Throws at a cold start when its environment is incomplete. */
export function createHandler(
  settings: PreQueueSettings,
): (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2> {
  const ports = portsOf(settings);
  return (event) => intake(event, ports);
}

function portsOf(settings: PreQueueSettings): IntakePorts {
  const secrets = codeSecrets();
  const { NAMI_SECRET, NAMI_VERIFY_TOKEN = "" } = process.env;
  const ofSender = parseSecrets(NAMI_SECRET).map(({ value }) => value);
  const texts = [...ofSender, NAMI_VERIFY_TOKEN, ...Object.values(secrets).map((value) => value ?? "")];
  const log = jsonLog(settings.name, { secrets: texts });
  const budget = new MinuteBudget(LINES_A_MINUTE);
  const verifier = verifierOf(settings, (...line) => {
    if (budget.allows(Date.now())) log(...line);
  });
  const secretPlaces = preset.redact?.(settings.verification) ?? [];
  return {
    settings,
    verifier,
    probeKey: requiredVariable("NAMI_PROBE_KEY"),
    send: queueClientFromEnv().send,
    handler,
    secrets,
    ownHandler: handler !== keepEvery,
    rejections: new Rejections({ log, budget, now: Date.now, secrets: texts, secretPlaces }),
    budget,
    now: Date.now,
    log,
  };
}

/** Secrets come as environment variables; a preset that needs one and has none refuses every request. */
function verifierOf({ verification }: PreQueueSettings, log: Log): Verifier {
  const { NAMI_SECRET, NAMI_VERIFY_TOKEN } = process.env;
  return {
    preset,
    secrets: parseSecrets(NAMI_SECRET),
    settings: verification,
    token: NAMI_VERIFY_TOKEN || undefined,
    fetchText: limitedFetch(Date.now),
    log,
  };
}
