import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings";
import { tags } from "./tags";

export interface GatewayDomainArgs {
  settings: Settings;
  api: aws.apigatewayv2.Api;
  stage: aws.apigatewayv2.Stage;
}

/** A domain of the user's before the gateway. Its DNS stays his: a CNAME to `target`. */
export class GatewayDomain extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly target: pulumi.Output<string>;

  constructor(logicalName: string, args: GatewayDomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:gateway:GatewayDomain", logicalName, {}, opts);
    const { settings, api, stage } = args;
    const domain = new aws.apigatewayv2.DomainName(
      logicalName,
      {
        domainName: settings.domain!,
        domainNameConfiguration: {
          certificateArn: settings.certificateArn!,
          endpointType: "REGIONAL",
          securityPolicy: "TLS_1_2",
        },
        tags: tags(settings.name, logicalName),
      },
      { parent: this },
    );
    const mapping = new aws.apigatewayv2.ApiMapping(
      logicalName,
      { apiId: api.id, domainName: domain.id, stage: stage.name },
      { parent: this },
    );
    this.target = domain.domainNameConfiguration.targetDomainName;
    // Not before requests to it get somewhere.
    this.url = mapping.id.apply(() => `https://${settings.domain}`);
    this.registerOutputs();
  }
}
