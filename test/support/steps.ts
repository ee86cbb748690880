import type { EngineEvent, OpType, Stack } from "@pulumi/pulumi/automation";

export interface Step {
  op: OpType;
  diffs: string[];
}

/** A replacement is told in three steps; "replace" is the one with the reasons. */
const QUIET: OpType[] = ["same", "create-replacement", "delete-replaced"];

/** By logical name: what the engine did or would do, without what stays. */
function stepsOf(events: EngineEvent[]): Record<string, Step> {
  const steps = events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent ? [resourcePreEvent.metadata] : [],
  );
  return Object.fromEntries(
    steps
      .filter(
        ({ op, type }) =>
          !QUIET.includes(op) && type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers"),
      )
      .map(({ op, urn, detailedDiff }) => [
        urn.split("::").at(-1)!,
        { op, diffs: Object.keys(detailedDiff ?? {}).sort() },
      ]),
  );
}

/** What a preview would do. */
export async function preview(stack: Stack): Promise<Record<string, Step>> {
  const events: EngineEvent[] = [];
  await stack.preview({ onEvent: (event) => events.push(event) });
  return stepsOf(events);
}

/** What an update does. */
export async function up(
  stack: Stack,
): Promise<{ steps: Record<string, Step>; outputs: Record<string, string> }> {
  const events: EngineEvent[] = [];
  const { outputs } = await stack.up({ onEvent: (event) => events.push(event) });
  const values = Object.entries(outputs).map(([name, { value }]) => [name, value as string]);
  return { steps: stepsOf(events), outputs: Object.fromEntries(values) };
}
