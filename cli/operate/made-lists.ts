import type { Inputs, Listed } from "../deployments/made-ids";
import { type AwsPlace, AwsRefusal, type AwsRequest, signedCall } from "./signed-call";

/** The body of a list; `{}` where what it would be a list of is not there. */
async function listOf(place: AwsPlace, service: "lambda" | "apigateway", path: string): Promise<unknown> {
  const id = service === "lambda" ? "LAMBDA" : "APIGATEWAYV2";
  return JSON.parse(await bodyOf(place, { service, id, method: "GET", path }));
}

async function bodyOf(place: AwsPlace, request: AwsRequest): Promise<string> {
  try {
    return await signedCall(place, request);
  } catch (error) {
    const gone = error instanceof AwsRefusal && (error.status === 404 || /NotFound/.test(error.code));
    if (gone) return "{}";
    throw error;
  }
}

/** The innermost elements of that name in the XML of the query protocol. */
function items(xml: string, name: string): string[] {
  return xml.match(new RegExp(`<${name}>(?:(?!<${name}>).)*?</${name}>`, "gs")) ?? [];
}

function field(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
}

interface Statement {
  Sid: string;
  Action: string;
  Principal: { Service?: string };
  Condition?: { ArnLike?: Record<string, string> };
}

/** Ids of what is like the wanted thing in all that AWS tells apart by. */
export const lists: Record<Listed, (inputs: Inputs, place: AwsPlace) => Promise<string[]>> = {
  async mappings(inputs, place) {
    const query = new URLSearchParams({
      EventSourceArn: String(inputs.eventSourceArn),
      FunctionName: String(inputs.functionName),
    });
    const found = (await listOf(place, "lambda", `/2015-03-31/event-source-mappings?${query}`)) as {
      EventSourceMappings?: { UUID: string }[];
    };
    return (found.EventSourceMappings ?? []).map(({ UUID }) => UUID);
  },
  async statements(inputs, place) {
    const name = String(inputs.function);
    const path = `/2015-03-31/functions/${encodeURIComponent(name)}/policy`;
    const { Policy = "{}" } = (await listOf(place, "lambda", path)) as { Policy?: string };
    const { Statement = [] } = JSON.parse(Policy) as { Statement?: Statement[] };
    const same = Statement.filter(
      ({ Action, Principal, Condition }) =>
        Action === inputs.action &&
        Principal.Service === inputs.principal &&
        Condition?.ArnLike?.["AWS:SourceArn"] === inputs.sourceArn,
    );
    return same.map(({ Sid }) => (place.target === "local" ? `${name}/${Sid}` : Sid));
  },
  async routes({ apiId, routeKey }, place) {
    const { items = [] } = (await listOf(place, "apigateway", `/v2/apis/${apiId}/routes?maxResults=500`)) as {
      items?: { routeId: string; routeKey: string }[];
    };
    return items.filter((item) => item.routeKey === routeKey).map(({ routeId }) => routeId);
  },
  async integrations({ apiId, integrationUri }, place) {
    const path = `/v2/apis/${apiId}/integrations?maxResults=500`;
    const { items = [] } = (await listOf(place, "apigateway", path)) as {
      items?: { integrationId: string; integrationUri: string }[];
    };
    return items
      .filter((item) => item.integrationUri === integrationUri)
      .map(({ integrationId }) => integrationId);
  },
  async apiMappings({ domainName }, place) {
    const path = `/v2/domainnames/${encodeURIComponent(String(domainName))}/apimappings`;
    const { items = [] } = (await listOf(place, "apigateway", path)) as {
      items?: { apiMappingId: string }[];
    };
    return items.map(({ apiMappingId }) => apiMappingId);
  },
  async targets({ rule, arn }, place) {
    const text = await bodyOf(place, {
      ...{ service: "events", id: "EVENTBRIDGE", method: "POST", path: "/" },
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSEvents.ListTargetsByRule",
      },
      body: JSON.stringify({ Rule: rule }),
    });
    const { Targets = [] } = JSON.parse(text) as { Targets?: { Id: string; Arn: string }[] };
    return Targets.filter(({ Arn }) => Arn === arn).map(({ Id }) => `${rule}-${Id}`);
  },
  /** One that nobody has confirmed yet is listed without its ARN; asked for again, SNS answers with the same one. */
  async subscriptions({ topic, protocol, endpoint }, place) {
    const query = new URLSearchParams({
      ...{ Action: "ListSubscriptionsByTopic", Version: "2010-03-31", TopicArn: String(topic) },
    });
    const text = await bodyOf(place, { service: "sns", id: "SNS", method: "GET", path: `/?${query}` });
    return items(text, "member")
      .filter((item) => field(item, "Protocol") === protocol && field(item, "Endpoint") === endpoint)
      .flatMap((item) => field(item, "SubscriptionArn") ?? [])
      .filter((arn) => arn.startsWith("arn:"));
  },
  async associations({ routeTableId, subnetId }, place) {
    const query = new URLSearchParams({
      ...{ Action: "DescribeRouteTables", Version: "2016-11-15" },
      ...{ "Filter.1.Name": "association.subnet-id", "Filter.1.Value.1": String(subnetId) },
    });
    const text = await bodyOf(place, { service: "ec2", id: "EC2", method: "GET", path: `/?${query}` });
    return items(text, "item")
      .filter((item) => field(item, "subnetId") === subnetId && field(item, "routeTableId") === routeTableId)
      .flatMap((item) => field(item, "routeTableAssociationId") ?? []);
  },
};
