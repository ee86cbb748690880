import { randomUUID } from "node:crypto";
import { LOCAL_ACCOUNT } from "../../protocol";
import type { RuleSpec } from "../services";

/**
 * What a schedule hands to its target. JSON text.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
 */
export function scheduledEvent(rule: RuleSpec, now: number): string {
  return JSON.stringify({
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: LOCAL_ACCOUNT,
    time: new Date(now).toISOString().replace(/\.\d{3}Z$/, "Z"),
    region: rule.region,
    resources: [rule.arn],
    detail: {},
  });
}
