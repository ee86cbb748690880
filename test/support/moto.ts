import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { pythonTool } from "../../tools/python-tools";
import { freePort } from "./home";
import { root } from "./nami";

/** An S3 and a KMS on this machine, with everything in memory. */
export interface Moto {
  /** http://127.0.0.1:PORT, for all services. */
  url: string;
  s3: S3Client;
  /** What a process needs to be let in; moto takes any key. */
  env: Record<string, string>;
  /** Makes a bucket and answers the URL of a state in it. */
  bucket(name: string, prefix?: string): Promise<string>;
  /** Makes a KMS key and answers its URL as the engine takes it. */
  kmsKey(): Promise<string>;
  close(): Promise<void>;
}

const env = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };

/**
 * moto answers requests in threads and looks at a condition before it writes: two could both find it fulfilled. S3
 * decides one after the other, so here one request is answered at a time.
 */
const SERVER = `
import sys, threading
from werkzeug.serving import run_simple
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
inner = DomainDispatcherApplication(create_backend_app)
turn = threading.Lock()
def app(environ, start_response):
    with turn:
        return inner(environ, start_response)
run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=True, request_handler=MotoRequestHandler)
`;

function python(): string {
  const home = resolve(process.env.NAMI_TEST_HOME ?? `${root}/.nami/test-home`);
  const found = pythonTool(home, "moto");
  if (!found) throw new Error(`moto is not installed in ${home}. Run: npm test -- tools`);
  return join(found, "python3");
}

/** Waits until the server answers. Throws what it answered and printed last when it does not within 30 s. */
async function answers(url: string, server: ChildProcess): Promise<void> {
  let [said, last] = ["", "nothing"];
  server.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  for (let tries = 0; server.exitCode === null && tries < 300; tries++) {
    last = await fetch(`${url}/moto-api/data.json`).then(
      ({ status }) => String(status),
      (error: Error) => String(error.cause ?? error),
    );
    if (last === "200") return;
    await new Promise((next) => setTimeout(next, 100));
  }
  server.kill("SIGKILL");
  throw new Error(
    `moto did not start at ${url} (exit code ${server.exitCode}, last answer ${last}): ${said}`,
  );
}

async function createKey(url: string): Promise<string> {
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "x-amz-target": "TrentService.CreateKey",
      "content-type": "application/x-amz-json-1.1",
      authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, Signature=x",
    },
    body: "{}",
  });
  const { KeyMetadata } = (await answer.json()) as { KeyMetadata: { KeyId: string } };
  return `awskms://${KeyMetadata.KeyId}?region=us-east-1&endpoint=${encodeURIComponent(url)}`;
}

/**
 * Starts moto on a free port of 127.0.0.1; `close` ends that very process.
 * @param pageKeys how many keys of a bucket are listed at once; absent: 1000, as in S3
 */
export async function startMoto({ pageKeys }: { pageKeys?: number } = {}): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(python(), ["-c", SERVER, String(port)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...(pageKeys && { MOTO_S3_DEFAULT_MAX_KEYS: String(pageKeys) }) },
  });
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  await answers(url, server);
  const s3 = new S3Client({
    region: "us-east-1",
    endpoint: url,
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    url,
    s3,
    env,
    bucket: async (name, prefix = "") => {
      await s3.send(new CreateBucketCommand({ Bucket: name }));
      return `s3://${name}${prefix && `/${prefix}`}?region=us-east-1&endpoint=${url}&s3ForcePathStyle=true`;
    },
    kmsKey: () => createKey(url),
    close: async () => {
      s3.destroy();
      server.kill();
      await ended;
    },
  };
}
