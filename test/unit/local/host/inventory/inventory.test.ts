import assert from "node:assert/strict";
import type { AwsCall } from "../../../../../local/host/aws-call";
import { AwsError } from "../../../../../local/host/aws-error";
import { createGatewayLists } from "../../../../../local/host/inventory/gateway-lists";
import { withLambdaLists } from "../../../../../local/host/inventory/lambda-lists";
import { createTaggingHandler } from "../../../../../local/host/inventory/tagging-endpoint";
import type { Iam } from "../../../../../local/host/services";
import type { ResourceRecord } from "../../../../../local/protocol";

const asked: string[] = [];
const iam = { authorize: (_: unknown, action: string) => void asked.push(action) } as unknown as Iam;
const record = (type: string, id: string, inputs: object, outputs: object = {}): ResourceRecord => ({
  ...{ urn: `urn:x::${id}`, type, id },
  inputs: inputs as Record<string, unknown>,
  outputs: outputs as Record<string, unknown>,
});
const tagged = (arn: string, resource: string) =>
  record("t", arn, { tags: { "nami:name": "orders", "nami:resource": resource } }, { arn });
const call = (more: Partial<AwsCall>): AwsCall => ({
  ...{ service: "x", region: "us-east-1", identity: { arn: "me" }, method: "GET", url: "/", headers: {} },
  ...{ body: Buffer.alloc(0), signal: new AbortController().signal, ...more },
});

describe("the list of resources by tag", () => {
  const all = [
    tagged("arn:aws:ec2:us-east-1:000000000000:volume/vol-1", "orders-mongo"),
    tagged("arn:aws:ec2:us-east-1:000000000000:instance/i-1", "orders-mongo"),
    tagged("arn:aws:ec2:us-east-1:000000000000:instance/i-2", "other"),
    tagged("arn:aws:iam::000000000000:role/r", "orders-mongo"),
    record("t", "no tags", {}, { arn: "arn:aws:sqs:us-east-1:000000000000:q" }),
  ];
  const handler = createTaggingHandler({ iam, resources: () => all });
  const ask = async (body: object, action = "GetResources") => {
    const target = `ResourceGroupsTaggingAPI_20170126.${action}`;
    const reply = await handler(
      call({ body: Buffer.from(JSON.stringify(body)), headers: { "x-amz-target": target } }),
    );
    const { ResourceTagMappingList: list, PaginationToken: next } = JSON.parse(String(reply.body));
    return {
      arns: list.map(({ ResourceARN }: { ResourceARN: string }) => ResourceARN.split(":").at(-1)),
      next,
    };
  };
  const filter = (Key: string, ...Values: string[]) => ({ Key, Values });

  it("finds resources with all tags, of the wanted types, without roles as on AWS", async () => {
    const both = [filter("nami:name", "orders"), filter("nami:resource", "orders-mongo")];
    assert.deepEqual((await ask({ TagFilters: both })).arns, ["volume/vol-1", "instance/i-1"]);
    assert.deepEqual((await ask({ TagFilters: both, ResourceTypeFilters: ["ec2:instance"] })).arns, [
      "instance/i-1",
    ]);
    assert.deepEqual((await ask({ TagFilters: both, ResourceTypeFilters: ["ec2"] })).arns.length, 2);
    assert.deepEqual((await ask({ TagFilters: both, ResourceTypeFilters: ["apigateway"] })).arns, []);
    assert.deepEqual((await ask({ TagFilters: [filter("nami:name")] })).arns.length, 3);
    assert.ok(asked.includes("tag:GetResources"));
  });

  it("is returned page by page", async () => {
    const first = await ask({ TagFilters: [filter("nami:name")], ResourcesPerPage: 2 });
    assert.equal(first.arns.length, 2);
    const rest = await ask({
      TagFilters: [filter("nami:name")],
      ResourcesPerPage: 2,
      PaginationToken: first.next,
    });
    assert.deepEqual([rest.arns, rest.next], [["instance/i-2"], ""]);
  });

  it("refuses every other action", async () => {
    await assert.rejects(ask({}, "TagResources"), /no tagging action TagResources/);
  });
});

describe("the list calls of the host", () => {
  const records: Record<string, ResourceRecord[]> = {
    "aws:apigatewayv2/route:Route": [
      record("r", "r1", { apiId: "a1", routeKey: "ANY /orders", target: "integrations/i1" }),
      record("r", "r2", { apiId: "a2", routeKey: "ANY /orders", target: "integrations/i2" }),
    ],
    "aws:apigatewayv2/integration:Integration": [record("i", "i1", { apiId: "a1", integrationUri: "arn:f" })],
    "aws:apigatewayv2/apiMapping:ApiMapping": [
      record("d", "m1", { domainName: "hooks.example.com", apiId: "a1", stage: "$default" }),
    ],
    "aws:lambda/eventSourceMapping:EventSourceMapping": [
      record("m", "u1", { eventSourceArn: "arn:aws:sqs:::q", functionName: "arn:aws:lambda:::function:f" }),
    ],
    "aws:lambda/function:Function": [record("f", "f", {})],
    "aws:lambda/permission:Permission": [
      record(
        "p",
        "f/s1",
        {
          function: "f",
          action: "lambda:InvokeFunction",
          principal: "apigateway.amazonaws.com",
          sourceArn: "arn:x",
        },
        { statementId: "s1" },
      ),
    ],
  };
  const all = (type: string) => records[type] ?? [];
  const json = async (handler: ReturnType<typeof createGatewayLists>, url: string) =>
    JSON.parse(String((await handler(call({ url }))).body));

  it("return the routes and integrations of one API", async () => {
    const lists = createGatewayLists({ iam, all });
    assert.deepEqual((await json(lists, "/v2/apis/a1/routes?maxResults=500")).items, [
      { routeId: "r1", routeKey: "ANY /orders", target: "integrations/i1" },
    ]);
    assert.equal((await json(lists, "/v2/apis/a1/integrations")).items[0].integrationId, "i1");
    await assert.rejects(json(lists, "/v2/apis/a1/stages"), AwsError);
  });

  it("return the APIs of one domain", async () => {
    const lists = createGatewayLists({ iam, all });
    const { items } = await json(lists, "/v2/domainnames/hooks.example.com/apimappings");
    assert.deepEqual(items, [{ apiMappingId: "m1", apiId: "a1", stage: "$default" }]);
    assert.deepEqual((await json(lists, "/v2/domainnames/other.example/apimappings")).items, []);
  });

  it("return the mappings of a queue and function, and the statements of a function's policy", async () => {
    const lists = withLambdaLists({ iam, all }, async () => ({ status: 299, body: "" }));
    const mappings = "/2015-03-31/event-source-mappings";
    const query = (fn: string) => `${mappings}?EventSourceArn=arn%3Aaws%3Asqs%3A%3A%3Aq&FunctionName=${fn}`;
    assert.equal((await json(lists, query("f"))).EventSourceMappings[0].UUID, "u1");
    assert.deepEqual((await json(lists, query("g"))).EventSourceMappings, []);
    const { Policy } = await json(lists, "/2015-03-31/functions/f/policy");
    assert.deepEqual(JSON.parse(Policy).Statement[0].Sid, "s1");
    await assert.rejects(json(lists, "/2015-03-31/functions/g/policy"), /does not exist/);
    assert.equal((await lists(call({ url: `${mappings}/u1` }))).status, 299);
  });
});
