import { SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "../../support/fauxqs.mjs";
import { ATTRIBUTES, localAws } from "../../support/local-aws";
import { type QueueBackend, queueContract } from "./queue";

const ACCOUNT = "000000000000";

async function ours(): Promise<QueueBackend> {
  const { url, iam, queues, close } = await localAws();
  const client = new SQSClient({
    endpoint: url,
    region: "us-east-1",
    credentials: iam.administrator,
    maxAttempts: 1,
  });
  return {
    client,
    async makeQueue(name, { redrive, ...settings } = {}) {
      const deadLetterTargetArn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${redrive?.deadLetterQueue}`;
      const policy = redrive && { deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount };
      queues.put(name, { ...ATTRIBUTES, ...settings, ...(policy && { redrive: policy }) });
      return `${url}/${ACCOUNT}/${name}`;
    },
    async close() {
      client.destroy();
      await close();
    },
  };
}

/** An independent implementation of SQS, in memory. */
async function fauxqs(): Promise<QueueBackend> {
  const server = await startFauxqs({ port: 0, logger: false, host: "localhost" });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new SQSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  return {
    client,
    async makeQueue(name, { redrive, visibilityTimeoutSeconds = 30, delaySeconds = 0 } = {}) {
      const deadLetterTargetArn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${redrive?.deadLetterQueue}`;
      const policy = redrive && { deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount };
      const attributes = {
        VisibilityTimeout: String(visibilityTimeoutSeconds),
        DelaySeconds: String(delaySeconds),
        ...(policy && { RedrivePolicy: JSON.stringify(policy) }),
      };
      return server.createQueue(name, { attributes }).queueUrl;
    },
    async close() {
      client.destroy();
      await server.stop();
    },
  };
}

queueContract("the local host", ours);
queueContract("fauxqs", fauxqs, { "above #xFFFF": "2.4.1 refuses them; SQS documents #x10000 to #x10FFFF" });
