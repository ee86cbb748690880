import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CodedError } from "../../runtime/coded-error";
import type { AwsEndpoint } from "./aws-endpoint";
import type { StoredCode } from "./code-store";
import { createLambdaEndpoint, type FunctionCode, withFunctionCode } from "./functions";
import type { LocalIam } from "./iam/iam";
import { createStsHandler, stsError } from "./iam/sts-endpoint";
import { createEc2Lists, ec2Error } from "./inventory/ec2-lists";
import { createEventsLists } from "./inventory/events-lists";
import { createGatewayLists } from "./inventory/gateway-lists";
import { withLambdaLists } from "./inventory/lambda-lists";
import { createSnsLists } from "./inventory/sns-lists";
import { createTaggingHandler } from "./inventory/tagging-endpoint";
import { createLogsEndpoint, type LogStore } from "./logs";
import { createMonitoringHandler, monitoringError } from "./monitoring";
import { createSsmEndpoint } from "./parameters";
import { thing } from "./propagation";
import type { LocalQueues } from "./queue/queues";
import { createSqsHandler } from "./queue/sqs-endpoint";
import { sqsError } from "./queue/sqs-errors";
import type { ResourceTable } from "./resource-table";
import { eventSourceMapping, withSpec } from "./resources/event-source-mapping";
import { codeStore, lambdaFunction, withCode } from "./resources/function";
import { queueThing } from "./resources/queue";
import type { MappingSpec, Services } from "./services";

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, macOS and Windows from 49152): one of
 * those may be in use at the next start, and queue URLs contain the port.
 */
const PORTS = { from: 20_000, to: 30_000, tries: 20 };

/** On `port`, or on a free one when it is undefined. Answers http://127.0.0.1:PORT. Throws localError AWS_PORT_TAKEN. */
export async function listenOnAny(endpoint: AwsEndpoint, port: number | undefined): Promise<string> {
  if (port !== undefined) return endpoint.listen(port);
  for (let tries = 1; ; tries++) {
    try {
      return await endpoint.listen(randomInt(PORTS.from, PORTS.to));
    } catch (error) {
      if (!(error instanceof CodedError) || tries === PORTS.tries) throw error;
      await sleep(1);
    }
  }
}

/** Parts of the host with what only an endpoint needs of them. */
export interface ServedParts {
  iam: LocalIam;
  queues: LocalQueues;
  logs: LogStore;
  table: ResourceTable;
}

/** The code of functions, as their records and the code store have it. */
function functionCode(table: ResourceTable, services: Services): FunctionCode {
  const record = (name: string) => table.find(lambdaFunction.type, name)!;
  return {
    read: (name) => {
      const code = record(name).inputs.code as StoredCode;
      return { zip: codeStore(services.dir).zip(code), sha256: code.sha256 };
    },
    update: async (name, zip) => table.replace(await withCode(services, record(name), zip)),
  };
}

/** Registers every AWS-compatible service at the endpoint, by the name in the signature. */
export function serveAws(endpoint: AwsEndpoint, parts: ServedParts, services: Services): void {
  const { iam, queues, logs, table } = parts;
  const { clock, functions, mappings, parameters, alarms, metrics, propagation } = services;
  const stateOf = (what: "function" | "mapping", id: string) =>
    propagation.state(thing(what === "function" ? lambdaFunction.type : eventSourceMapping.type, id));
  const isComing = (name: string) => propagation.state(queueThing(services, name)) === "creating";
  const saveMapping = (spec: MappingSpec) => {
    const record = table.find(eventSourceMapping.type, spec.uuid);
    if (record) table.replace(withSpec(record, spec));
  };
  const url = () => services.awsUrl;
  const all = (type: string) => table.all(type);
  const options = { functions, mappings, iam, saveMapping, stateOf, code: functionCode(table, services) };
  const lambda = withFunctionCode(options, createLambdaEndpoint(options));
  endpoint.handle("sqs", createSqsHandler({ queues, iam, clock, url, isComing }), sqsError);
  endpoint.handle("sts", createStsHandler(iam), stsError);
  endpoint.handle("lambda", withLambdaLists({ iam, all }, lambda));
  endpoint.handle("apigateway", createGatewayLists({ iam, all }));
  endpoint.handle("ec2", createEc2Lists({ iam, all }), ec2Error);
  endpoint.handle("events", createEventsLists({ iam, all }));
  // Errors of SNS are worded as those of STS.
  endpoint.handle("sns", createSnsLists({ iam, all }), stsError);
  endpoint.handle("tagging", createTaggingHandler({ iam, resources: () => table.everything() }));
  endpoint.handle("ssm", createSsmEndpoint({ parameters, iam }));
  endpoint.handle("logs", createLogsEndpoint({ logs, iam }));
  endpoint.handle("monitoring", createMonitoringHandler({ alarms, metrics, iam }), monitoringError);
}
