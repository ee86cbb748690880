import { sign } from "aws4";
import { adminCredentials, hostStatus } from "../../local/host/client";
import type { Io } from "../io";

/** Whose AWS is asked: this machine's host with its administrator's key, or the account of the SDK's ordinary chain. */
export interface AwsPlace {
  home: string;
  target: string;
  region: string;
  io: Pick<Io, "env" | "signal">;
  /** Of whoever asks many times, see `credentialChain`; absent: the chain is walked each time. */
  credentials?: () => Promise<Credentials>;
}

export interface AwsRequest {
  /** As the signature names it, and the local host: "sts", "tagging", "apigateway". */
  service: string;
  /** As AWS_ENDPOINT_URL_<…> names it: "STS", "RESOURCE_GROUPS_TAGGING_API", "APIGATEWAYV2". */
  id: string;
  method: "GET" | "POST";
  /** Path with query. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What AWS refused, under its own name for it. */
export class AwsRefusal extends Error {
  constructor(
    /** e.g. "ExpiredToken" */
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(`${code}: ${message}`);
    this.name = "AwsRefusal";
  }
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Enough for a slow line; a service that is there answers these in well under a second. */
const TIMEOUT_MS = 10_000;
const TRIES = 2;

/** The SDK's chain: environment, profile, SSO, container, instance. Throws CredentialsProviderError and its like. */
async function chainCredentials(region: string): Promise<Credentials> {
  const { LambdaClient } = await import("@aws-sdk/client-lambda");
  const client = new LambdaClient({ region });
  try {
    return await client.config.credentials();
  } finally {
    client.destroy();
  }
}

/** The same chain for as long as one asks: walked once, and again when what it gave has expired. */
export function credentialChain(region: string): () => Promise<Credentials> {
  let chain: Promise<() => Promise<Credentials>> | undefined;
  const open = async () => {
    const { LambdaClient } = await import("@aws-sdk/client-lambda");
    const { config } = new LambdaClient({ region });
    return () => config.credentials();
  };
  return async () => {
    chain ??= open();
    return (await chain)();
  };
}

function domain(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

/** Where the service is: what AWS's own tools would ask, too. */
export function endpointOf({ region, io }: AwsPlace, { service, id }: AwsRequest): string {
  const given = io.env[`AWS_ENDPOINT_URL_${id}`] ?? io.env.AWS_ENDPOINT_URL;
  return given ?? `https://${service}.${region}.${domain(region)}`;
}

async function accessTo(
  place: AwsPlace,
  request: AwsRequest,
): Promise<{ endpoint: string; credentials: Credentials }> {
  if (place.target === "local") {
    const { awsUrl } = await hostStatus(place.home);
    return { endpoint: awsUrl, credentials: adminCredentials(place.home) };
  }
  const { credentials = () => chainCredentials(place.region) } = place;
  return { endpoint: endpointOf(place, request), credentials: await credentials() };
}

/** AWS says an error as XML (STS), or as JSON with the code in a header or in the body. */
function refusalIn(status: number, headers: Headers, text: string): AwsRefusal {
  const xml = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1];
  const field = (name: string) =>
    new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`, "i").exec(text)?.[1];
  const code = xml("Code") ?? headers.get("x-amzn-errortype") ?? field("__type") ?? `HTTP ${status}`;
  const message = xml("Message") ?? field("message") ?? text.slice(0, 300);
  return new AwsRefusal(code.split(":")[0]!.split("#").at(-1)!, message, status);
}

async function send(url: URL, options: RequestInit, signal: AbortSignal): Promise<Response> {
  for (let left = TRIES; ; left--) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const answer = await fetch(url, { ...options, signal: limit });
      if (answer.status < 500 || left <= 1) return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (left <= 1) throw error;
    }
  }
}

/**
 * One signed request to AWS, for the few calls that no client in node_modules makes: a client of the SDK is a megabyte.
 * Answers the body. Throws AwsRefusal; a TypeError of `fetch` when AWS cannot be reached; what the SDK's chain throws
 * when there are no credentials.
 */
export async function signedCall(place: AwsPlace, request: AwsRequest): Promise<string> {
  const { endpoint, credentials } = await accessTo(place, request);
  const url = new URL(request.path, endpoint);
  const { service, method, body } = request;
  const { headers } = sign(
    {
      ...{ service, method, body, region: place.region, path: url.pathname + url.search },
      headers: { ...request.headers, Host: url.host },
    },
    credentials,
  );
  const sent = Object.entries(headers ?? {}).filter(([name]) => !/^(host|content-length)$/i.test(name));
  const answer = await send(
    url,
    { method, body, headers: sent.map(([name, value]) => [name, String(value)]) },
    place.io.signal,
  );
  const text = await answer.text();
  if (answer.ok) return text;
  throw refusalIn(answer.status, answer.headers, text);
}
