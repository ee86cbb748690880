import { randomUUID } from "node:crypto";
import type { ResourceRecord } from "../../protocol";
import type { AwsHandler, AwsReply } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Iam } from "../services";

export interface Ec2ListsOptions {
  iam: Iam;
  all(type: string): ResourceRecord[];
}

const NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
const OF_SUBNET = "association.subnet-id";

function xml(status: number, body: string): AwsReply {
  return { status, headers: { "content-type": "text/xml" }, body };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export function ec2Error({ code, message, httpStatus }: AwsError): AwsReply {
  const text = message.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const errors = `<Errors><Error><Code>${code}</Code><Message>${text}</Message></Error></Errors>`;
  return xml(httpStatus, `<Response>${errors}<RequestID>${randomUUID()}</RequestID></Response>`);
}

/** EC2 over its query protocol: DescribeRouteTables of a subnet, by which it is known how it is associated. */
export function createEc2Lists({ iam, all }: Ec2ListsOptions): AwsHandler {
  return async ({ identity, url, body }) => {
    const query = new URLSearchParams(body.length > 0 ? body.toString() : url.split("?")[1]);
    const action = query.get("Action") ?? "";
    if (action !== "DescribeRouteTables" || query.get("Filter.1.Name") !== OF_SUBNET)
      throw new AwsError("InvalidAction", `The local target answers no EC2 ${action} like this.`);
    iam.authorize(identity, `ec2:${action}`, "*");
    const subnetId = query.get("Filter.1.Value.1");
    const found = all("aws:ec2/routeTableAssociation:RouteTableAssociation").filter(
      ({ inputs }) => inputs.subnetId === subnetId,
    );
    const items = found.map(({ id, inputs }) => {
      const table = `<routeTableId>${inputs.routeTableId}</routeTableId>`;
      const own = `<routeTableAssociationId>${id}</routeTableAssociationId>${table}<subnetId>${subnetId}</subnetId>`;
      return `<item>${table}<associationSet><item>${own}</item></associationSet></item>`;
    });
    return xml(
      200,
      `<DescribeRouteTablesResponse xmlns="${NAMESPACE}"><routeTableSet>${items.join("")}</routeTableSet></DescribeRouteTablesResponse>`,
    );
  };
}
