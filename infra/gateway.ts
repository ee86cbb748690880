import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { GatewayDomain } from "./gateway-domain";
import { days } from "./option-values";
import { RequestCounts } from "./request-counts";
import type { Settings } from "./settings";
import { tags } from "./tags";
import { defaultThrottle, routeThrottles } from "./throttles";

/** One line a request; AWS allows 3 KB for the template. */
const ACCESS_LOG = JSON.stringify({
  requestId: "$context.requestId",
  api: "$context.apiId",
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
  /** Where senders post: the domain's, if there is one. */
  readonly url: pulumi.Output<string>;
  /** What the domain's CNAME must point to; null without a domain. */
  readonly domainTarget: pulumi.Output<string> | null;
  /** "" when no line is written. */
  readonly accessLogGroup: pulumi.Output<string>;

  constructor(logicalName: string, settings: Settings, opts?: pulumi.ComponentResourceOptions) {
    super("nami:gateway:Gateway", logicalName, {}, opts);
    const log = this.accessLog(logicalName, settings);
    this.accessLogGroup = log?.name ?? pulumi.output("");
    if (log) new RequestCounts(logicalName, log.name, { parent: this });
    this.api = new aws.apigatewayv2.Api(
      logicalName,
      {
        protocolType: "HTTP",
        description: "Takes in the webhooks of every Nami deployment",
        tags: tags(settings.name, logicalName),
      },
      { parent: this },
    );
    const stage = this.stage(logicalName, settings, log);
    const domain = settings.domain
      ? new GatewayDomain(`${logicalName}-domain`, { settings, api: this.api, stage }, { parent: this })
      : undefined;
    this.url = domain?.url ?? this.api.apiEndpoint;
    this.domainTarget = domain?.target ?? null;
    this.registerOutputs();
  }

  private accessLog(logicalName: string, settings: Settings): aws.cloudwatch.LogGroup | undefined {
    if (settings.accessLog === "off") return undefined;
    return new aws.cloudwatch.LogGroup(
      `${logicalName}-access`,
      {
        // Under this prefix API Gateway needs no entry in the account's log resource policy, which holds only a few. Two
        // states may have a gateway each in one account.
        namePrefix: `/aws/vendedlogs/apis/nami-gateway-${settings.name}-`,
        retentionInDays: days(settings.accessLog),
        tags: tags(settings.name, `${logicalName}-access`),
      },
      { parent: this },
    );
  }

  private stage(
    logicalName: string,
    settings: Settings,
    log: aws.cloudwatch.LogGroup | undefined,
  ): aws.apigatewayv2.Stage {
    const throttle = defaultThrottle(settings);
    const routeSettings = routeThrottles(settings);
    return new aws.apigatewayv2.Stage(
      `${logicalName}-stage`,
      {
        apiId: this.api.id,
        name: "$default",
        autoDeploy: true,
        ...(log && { accessLogSettings: { destinationArn: log.arn, format: ACCESS_LOG } }),
        ...(throttle && { defaultRouteSettings: throttle }),
        ...(routeSettings.length > 0 && { routeSettings }),
        tags: tags(settings.name, `${logicalName}-stage`),
      },
      { parent: this },
    );
  }
}
