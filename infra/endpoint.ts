import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { generatedSecret } from "./generated-secret";
import { LambdaFunction } from "./lambda-function";
import { days } from "./option-values";
import { sendMessages } from "./policies";
import { MAX_MESSAGE_BYTES, type Queue } from "./queue";
import { routeKey } from "./route-key";
import type { Settings } from "./settings";
import type { GatewayOutputs } from "./shared-stacks";
import { codeSecrets, userCode } from "./user-code";
import { intakeSettings } from "./verification";

/** An HTTP API gives up after 30 s; the function's own timeout is shorter. */
const INTEGRATION_TIMEOUT_MS = 30_000;

export interface EndpointArgs {
  settings: Settings;
  bundlePath: string;
  gateway: GatewayOutputs;
  queue: Queue;
}

/** Where the sender's request ends: route → integration → pre-queue function → queue. */
export class Endpoint extends pulumi.ComponentResource {
  readonly preQueue: LambdaFunction;
  /** What senders are told. */
  readonly url: pulumi.Output<string>;
  /** The same place by the gateway's own name: for a domain that may not point here yet. */
  readonly invokeUrl: pulumi.Output<string>;
  /** Signs the probe event, which passes before verification. Secret. */
  readonly probeKey: pulumi.Output<string>;

  constructor(logicalName: string, args: EndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:endpoint:Endpoint", logicalName, {}, opts);
    const { name } = args.settings;
    this.probeKey = generatedSecret(
      `${logicalName}-probe-key`,
      { name, description: `Signs the readiness probe of ${name}` },
      { parent: this },
    ).value;
    this.preQueue = this.preQueueFunction(logicalName, args);
    this.route(logicalName, args);
    this.url = pulumi.interpolate`${args.gateway.url}/${name}`;
    this.invokeUrl = pulumi.interpolate`${args.gateway.apiEndpoint}/${name}`;
    this.registerOutputs();
  }

  private preQueueFunction(
    logicalName: string,
    { settings, bundlePath, queue }: EndpointArgs,
  ): LambdaFunction {
    const { name } = settings;
    return new LambdaFunction(
      `${logicalName}-pre-queue`,
      {
        name,
        description: `Puts the webhooks of ${name} into its queue`,
        bundlePath,
        settings: { name, maxMessageBytes: MAX_MESSAGE_BYTES, ...intakeSettings(settings) },
        variables: {
          NAMI_QUEUE_URL: queue.queue.url,
          NAMI_PROBE_KEY: this.probeKey,
          ...(settings.secret && { NAMI_SECRET: settings.secret }),
          ...(settings.verifyToken && { NAMI_VERIFY_TOKEN: settings.verifyToken }),
          ...codeSecrets(settings),
        },
        ...userCode(settings, settings.preQueue),
        memory: settings.preQueueMemory,
        timeout: settings.preQueueTimeout,
        retentionDays: days(settings.logRetention),
        statements: [queue.queue.arn.apply(sendMessages)],
      },
      { parent: this },
    );
  }

  /** The route comes last and goes first: whoever is let in finds everything behind it at work. */
  private route(logicalName: string, { settings, gateway }: EndpointArgs): void {
    const { resource: preQueue } = this.preQueue;
    const permission = new aws.lambda.Permission(
      `${logicalName}-invoke`,
      {
        action: "lambda:InvokeFunction",
        function: preQueue.name,
        principal: "apigateway.amazonaws.com",
        // <api>/<stage>/<method>/<path>: any stage and method, this path alone.
        sourceArn: pulumi.interpolate`${gateway.executionArn}/*/*/${settings.name}`,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const integration = new aws.apigatewayv2.Integration(
      `${logicalName}-integration`,
      {
        apiId: gateway.apiId,
        integrationType: "AWS_PROXY",
        integrationMethod: "POST",
        integrationUri: preQueue.invokeArn,
        payloadFormatVersion: "2.0",
        timeoutMilliseconds: INTEGRATION_TIMEOUT_MS,
      },
      { parent: this },
    );
    new aws.apigatewayv2.Route(
      `${logicalName}-route`,
      {
        apiId: gateway.apiId,
        routeKey: routeKey(settings.name),
        target: pulumi.interpolate`integrations/${integration.id}`,
      },
      { parent: this, deleteBeforeReplace: true, dependsOn: [permission] },
    );
  }
}
