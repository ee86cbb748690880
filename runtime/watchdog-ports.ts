import { setTimeout as sleep } from "node:timers/promises";
import {
  type AwsAnswer,
  type AwsClient,
  type AwsRequest,
  AwsTimeout,
  awsClientFromEnv,
  type Limits,
} from "./aws-client";
import type { Health } from "./operator-actions";
import { requiredVariable } from "./settings";
import type { Mapping, Pause, WatchdogPorts } from "./watchdog-round";

/** The operator may wait some seconds for MongoDB before it says that it does not answer. Milliseconds. */
const LIMITS: Limits = { connect: 5000, total: 15_000 };
/** Milliseconds. */
const RETRY_AFTER = 500;
const JSON_BODY = { "Content-Type": "application/json" };

type Calls = Omit<WatchdogPorts, "sleep" | "now" | "log" | "measure">;

/** What the watchdog calls on AWS, from the variables of its environment. Throws when one is missing. */
export function callsFromEnv(env: NodeJS.ProcessEnv = process.env): Calls {
  const lambda = persistent(awsClientFromEnv("lambda", env));
  const ssm = persistent(awsClientFromEnv("ssm", env));
  const operator = requiredVariable("NAMI_OPERATOR", env);
  const mapping = `/2015-03-31/event-source-mappings/${requiredVariable("NAMI_MAPPING", env)}`;
  const parameter = requiredVariable("NAMI_PAUSE_PARAMETER", env);
  return {
    health: async () => health(lambda, operator),
    mapping: () => mappingOf(lambda, mapping),
    setEnabled: (enabled) => setEnabled(lambda, mapping, enabled),
    pause: async () => pauseOf(await parameterCall(ssm, "GetParameter", { Name: parameter })),
    async setPause(pause) {
      const Value = JSON.stringify(pause);
      await parameterCall(ssm, "PutParameter", { Name: parameter, Value, Overwrite: true });
    },
  };
}

function mayWorkAtOnce({ status, headers, body }: AwsAnswer): boolean {
  if (status === 429 || status >= 500) return true;
  return status === 400 && /Throttl|TooManyRequests/.test(String(headers["x-amzn-errortype"] ?? body));
}

/**
 * One more try after what may work at once: a kept connection that AWS has closed while the function was frozen between
 * two rounds, throttling, a fault of the service. Each of the calls may be made twice.
 */
export function persistent(client: AwsClient): AwsClient {
  return {
    close: () => client.close(),
    async send(request, limits) {
      try {
        const answer = await client.send(request, limits);
        if (!mayWorkAtOnce(answer)) return answer;
      } catch (error) {
        if (error instanceof AwsTimeout && !error.again) throw error;
      }
      await sleep(RETRY_AFTER);
      return client.send(request, limits);
    },
  };
}

/** The answer's JSON. Throws an Error with AWS's own words. */
async function ask(client: AwsClient, request: AwsRequest): Promise<Record<string, unknown>> {
  const { status, body } = await client.send(request, LIMITS);
  return answerOf(`${request.method} ${request.path}`, status, body);
}

function answerOf(asked: string, status: number, body: string): Record<string, unknown> {
  const answer = JSON.parse(body || "{}") as Record<string, unknown>;
  if (status < 300) return answer;
  throw new Error(`${asked} answered ${status}: ${answer.message ?? answer.Message ?? body}`);
}

/**
 * An operator that fails is a MongoDB that does not answer, as far as anybody can tell from here. Where Lambda itself
 * refuses to ask it (no permission, no room), nothing is known of MongoDB: that is an error.
 */
async function health(lambda: AwsClient, operator: string): Promise<Health> {
  const path = `/2015-03-31/functions/${encodeURIComponent(operator)}/invocations`;
  const body = JSON.stringify({ action: "health" });
  const {
    status,
    headers,
    body: text,
  } = await lambda.send({ method: "POST", path, headers: JSON_BODY, body }, LIMITS);
  const payload = answerOf(`POST ${path}`, status, text);
  if (!headers["x-amz-function-error"]) return payload as unknown as Health;
  return { answers: false, reason: String(payload.errorMessage ?? text) };
}

/** One that is just being changed is left to the next round: Lambda takes one change at a time. */
async function setEnabled(lambda: AwsClient, path: string, enabled: boolean): Promise<boolean> {
  const request = { method: "PUT", path, headers: JSON_BODY, body: JSON.stringify({ Enabled: enabled }) };
  const { status, headers, body } = await lambda.send(request as AwsRequest, LIMITS);
  const isBusy = /ResourceInUseException/.test(String(headers["x-amzn-errortype"] ?? body));
  if (status === 400 && isBusy) return false;
  answerOf(`PUT ${path}`, status, body);
  return true;
}

function parameterCall(ssm: AwsClient, action: string, input: object): Promise<Record<string, unknown>> {
  const headers = { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": `AmazonSSM.${action}` };
  return ask(ssm, { method: "POST", path: "/", headers, body: JSON.stringify(input) });
}

/** While a host takes the place of another there is none. */
async function mappingOf(lambda: AwsClient, path: string): Promise<Mapping> {
  const { status, body } = await lambda.send({ method: "GET", path }, LIMITS);
  if (status === 404) return { state: "Missing" };
  return { state: String(answerOf(path, status, body).State) };
}

function pauseOf({ Parameter }: Record<string, unknown>): Pause {
  return JSON.parse(String((Parameter as { Value: string }).Value)) as Pause;
}
