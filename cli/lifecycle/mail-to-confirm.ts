import type { Resolved } from "../../infra/options";
import type { Change } from "../display/diff";

/**
 * Whom AWS asks by mail, since this `up`, whether they want to be told of alarms: until they say yes, nobody is told.
 * On this machine nobody is asked.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
 */
export function mailToConfirm(
  { target, alarmEmail }: Pick<Resolved, "target" | "alarmEmail">,
  changes: readonly Change[],
): string | undefined {
  const isNew = changes.some(({ type, action }) => type === "TopicSubscription" && action !== "delete");
  return target === "aws" && isNew ? alarmEmail : undefined;
}
