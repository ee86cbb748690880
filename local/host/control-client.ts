import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { localError } from "../errors";
import { paths } from "../paths";
import type { HostFile, HostStatus, Refusal } from "../protocol";
import { AwsError } from "./aws-error";
import type { Credentials } from "./services";

/** A status is a few reads; one that does not come in this time will not come. Milliseconds. */
const STATUS_TIMEOUT = 5_000;

function readHostFile(home: string): HostFile {
  try {
    return JSON.parse(readFileSync(paths.hostFile(home), "utf8")) as HostFile;
  } catch (error) {
    throw localError("HOST_NOT_RUNNING", { home }, error);
  }
}

interface Answer {
  status: number;
  body: string;
}

function send(url: string, token: string, body: unknown, timeout?: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const request = httpRequest(
      url,
      { method: body === undefined ? "GET" : "POST", headers, timeout },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode!, body: text }));
        response.on("error", reject);
      },
    );
    request.on("timeout", () => request.destroy(new Error(`no answer in ${timeout} ms`)));
    request.on("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/**
 * Asks the running host of `home`: POST with a body, GET without.
 * @throws localError HOST_NOT_RUNNING; AwsError with what the host refused, under AWS's name for it
 */
export async function controlRequest<T>(home: string, path: string, body?: unknown): Promise<T> {
  const { controlUrl } = readHostFile(home);
  let answer: Answer;
  try {
    const token = readFileSync(paths.hostToken(home), "utf8").trim();
    answer = await send(controlUrl + path, token, body, body === undefined ? STATUS_TIMEOUT : undefined);
  } catch (error) {
    throw localError("HOST_NOT_RUNNING", { home }, error);
  }
  // Another program has the port of a host that died.
  if (answer.status === 401) throw localError("HOST_NOT_RUNNING", { home });
  if (answer.status === 200) return JSON.parse(answer.body) as T;
  const { code, message } = JSON.parse(answer.body) as Refusal;
  throw new AwsError(code, `${code}: ${message}`, answer.status);
}

/** @throws localError HOST_NOT_RUNNING */
export function hostStatus(home: string): Promise<HostStatus> {
  return controlRequest<HostStatus>(home, "/status");
}

/** undefined when no host runs in `home`. */
export async function findHost(home: string): Promise<HostStatus | undefined> {
  return hostStatus(home).catch(() => undefined);
}

/** The key of the account's administrator, for the AWS SDK. @throws localError HOST_NOT_RUNNING when no host ever ran */
export function adminCredentials(home: string): Credentials {
  try {
    return JSON.parse(readFileSync(join(paths.host(home), "credentials.json"), "utf8")) as Credentials;
  } catch (error) {
    throw localError("HOST_NOT_RUNNING", { home }, error);
  }
}
