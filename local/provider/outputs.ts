import type { Change } from "./diff";
import type { Computed, TypeTable } from "./property-table";
import { UNKNOWN, type Values } from "./values";

function visible(inputs: Values): Values {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
}

function withTags(table: TypeTable, inputs: Values): Values {
  return table.inputs.tags ? { tagsAll: inputs.tags ?? {} } : {};
}

/** The state of a resource: its inputs, and what the host computed. */
export function stateOf(table: TypeTable, inputs: Values, computed: Values): Values {
  return { ...visible(inputs), ...withTags(table, inputs), ...computed };
}

/** The state a create will have, as far as it is known before. */
export function previewCreate(table: TypeTable, inputs: Values): Values {
  const computed = Object.keys(table.outputs).filter((name) => inputs[name] === undefined);
  return stateOf(table, inputs, Object.fromEntries(computed.map((name) => [name, UNKNOWN])));
}

function moves(output: Computed, changes: readonly Change[]): boolean {
  if (!output.changesWith || changes.length === 0) return false;
  if (output.changesWith === "*") return true;
  return changes.some((change) => output.changesWith!.includes(change.property));
}

/** The state an update will have: what AWS computes anew is unknown, the rest is as it was. */
export function previewUpdate(
  table: TypeTable,
  inputs: Values,
  olds: Values,
  changes: readonly Change[],
): Values {
  const computed = Object.entries(table.outputs).filter(([name]) => inputs[name] === undefined);
  return stateOf(
    table,
    inputs,
    Object.fromEntries(
      computed.map(([name, output]) => [name, moves(output, changes) ? UNKNOWN : olds[name]]),
    ),
  );
}
