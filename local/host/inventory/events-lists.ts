import type { ResourceRecord } from "../../protocol";
import { arn } from "../../region";
import type { AwsHandler } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Iam } from "../services";

export interface EventsListsOptions {
  iam: Iam;
  all(type: string): ResourceRecord[];
}

/** EventBridge, JSON 1.1: ListTargetsByRule, by which it is known what a rule starts. */
export function createEventsLists({ iam, all }: EventsListsOptions): AwsHandler {
  return async ({ identity, region, headers, body }) => {
    const action = headers["x-amz-target"]?.split(".")[1] ?? "";
    if (action !== "ListTargetsByRule")
      throw new AwsError("UnknownOperationException", `The local target has no events action ${action}.`);
    const { Rule } = JSON.parse(body.toString() || "{}") as { Rule?: string };
    iam.authorize(identity, `events:${action}`, arn("events", region, `rule/${Rule}`));
    if (!all("aws:cloudwatch/eventRule:EventRule").some(({ id }) => id === Rule))
      throw new AwsError("ResourceNotFoundException", `Rule ${Rule} does not exist on EventBus default.`);
    const targets = all("aws:cloudwatch/eventTarget:EventTarget").filter(
      ({ inputs }) => inputs.rule === Rule,
    );
    const Targets = targets.map(({ inputs, outputs }) => ({ Id: outputs.targetId, Arn: inputs.arn }));
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ Targets }),
    };
  };
}
