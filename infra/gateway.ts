import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LOG_RETENTION_DAYS } from "./lambda-function";
import { tags } from "./tags";

/** One line a request; AWS allows 3 KB for the template. */
const ACCESS_LOG = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  route: "$context.routeKey",
  path: "$context.path",
  status: "$context.status",
  latency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  error: "$context.error.message",
  integrationError: "$context.integrationErrorMessage",
});

/** The one HTTP API of a target and region; each deployment adds its route. */
export class Gateway extends pulumi.ComponentResource {
  readonly api: aws.apigatewayv2.Api;

  constructor(logicalName: string, args: { name: string }, opts?: pulumi.ComponentResourceOptions) {
    super("nami:gateway:Gateway", logicalName, {}, opts);
    const child = { parent: this };
    const accessLog = new aws.cloudwatch.LogGroup(
      `${logicalName}-access`,
      {
        // Under this prefix API Gateway needs no entry in the account's log resource policy, which holds only a few.
        name: `/aws/vendedlogs/apis/nami-gateway-${args.name}`,
        retentionInDays: LOG_RETENTION_DAYS,
        tags: tags(args.name, `${logicalName}-access`),
      },
      child,
    );
    this.api = new aws.apigatewayv2.Api(
      logicalName,
      {
        protocolType: "HTTP",
        description: "Takes in the webhooks of every Nami deployment",
        tags: tags(args.name, logicalName),
      },
      child,
    );
    new aws.apigatewayv2.Stage(
      `${logicalName}-stage`,
      {
        apiId: this.api.id,
        name: "$default",
        autoDeploy: true,
        accessLogSettings: { destinationArn: accessLog.arn, format: ACCESS_LOG },
        tags: tags(args.name, `${logicalName}-stage`),
      },
      child,
    );
    this.registerOutputs();
  }
}
