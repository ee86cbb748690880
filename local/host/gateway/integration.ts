import type { IncomingMessage } from "node:http";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError, cannotRunNow } from "../aws-error";
import type { Functions } from "../services";
import type { BodyRoom } from "./body-room";
import { type EventFacts, toEvent } from "./event";
import { readBody } from "./read-body";
import { type Reply, replies, toReply } from "./reply";

export interface Integration {
  functions: Functions;
  room: BodyRoom;
  facts: EventFacts;
}

/** What came of a request; `error` goes to the access log only. */
export type Called = { reply: Reply; integrationMs?: number; error?: string };

/**
 * As AWS asks for it: the route's own path, not the sender's; `$default` has neither method nor path.
 * https://github.com/aws/serverless-application-model/issues/1860
 */
export function sourceArn(facts: EventFacts, method: string): string {
  const api = `arn:aws:execute-api:${facts.region}:${LOCAL_ACCOUNT}:${facts.apiId}/${facts.stage}`;
  const [, path] = facts.match.route.routeKey.split(" ");
  return path === undefined ? `${api}/$default` : `${api}/${method}${path}`;
}

/** Reads the body, asks the function, translates its answer. Answers "aborted" when the sender has gone. */
export async function integrate(
  request: IncomingMessage,
  integration: Integration,
): Promise<Called | "aborted"> {
  const { room } = integration;
  const body = await readBody(request, room);
  if (body === "aborted") return "aborted";
  if (body === "too-large") return { reply: replies.tooLarge() };
  if (body === "no-room") return { reply: replies.saturated(), error: "Too much is under way" };
  try {
    return await callFunction(request, body, integration);
  } finally {
    room.giveBack(body.length);
  }
}

async function callFunction(
  request: IncomingMessage,
  body: Buffer,
  { functions, facts }: Integration,
): Promise<Called> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const { functionName, timeoutMs } = facts.match.route;
    functions.authorizeInvoke(functionName, "apigateway.amazonaws.com", sourceArn(facts, request.method!));
    const payload = JSON.stringify(toEvent(request, body, facts));
    const result = await within(timeoutMs, functions.invoke(functionName, payload));
    if (result === "timeout")
      return { reply: replies.unavailable(), integrationMs: ms(), error: "Endpoint request timed out" };
    const reply = result.functionError ? undefined : toReply(result.payload);
    if (reply) return { reply, integrationMs: ms() };
    return { reply: replies.internalError(), integrationMs: ms(), error: errorText(result.payload) };
  } catch (error) {
    return { reply: refusal(error), integrationMs: ms(), error: (error as Error).message };
  }
}

/**
 * More than Lambda can be handed is the sender's fault here as on AWS, in the same words: LargePayloadTests of AWS's own
 * emulator, https://github.com/aws/aws-lambda-dotnet/tree/master/Tools/LambdaTestTool-v2/tests
 */
function refusal(error: unknown): Reply {
  if (cannotRunNow(error)) return replies.saturated();
  if (error instanceof AwsError && error.code === "RequestTooLargeException") return replies.tooLarge();
  return replies.internalError();
}

function errorText(payload: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload);
    return errorType ? `${errorType}: ${errorMessage}` : "The Lambda function returned an invalid response.";
  } catch {
    return "The Lambda function returned an invalid response.";
  }
}

/** The function goes on when its caller stops waiting, as on AWS. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | "timeout"> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
