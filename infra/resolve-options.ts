import { infraError } from "./errors";
import { parseOption } from "./option-values";
import { type Option, type OptionName, options, type Resolved, type Written } from "./options";
import { type OptionError, rules } from "./rules";

export type { OptionError } from "./rules";

interface Parsed {
  values: Partial<Resolved>;
  errors: OptionError[];
}

function parseAll(written: Written): Parsed {
  const values: Record<string, unknown> = {};
  const errors: OptionError[] = [];
  for (const option of options) {
    const text = written[option.name] ?? option.default;
    if (text === undefined) continue;
    const parsed = parseOption(option, text);
    if ("message" in parsed) errors.push({ option: option.name, message: parsed.message });
    else values[option.name] = parsed.value;
  }
  return { values: values as Partial<Resolved>, errors };
}

function parseAndJudge(written: Written): Parsed {
  const { values, errors } = parseAll(written);
  const broken = rules.map((rule) => rule.broken(values, written)).filter((error) => error !== undefined);
  return { values, errors: [...errors, ...broken] };
}

/** Everything that is wrong with the given options, all at once; [] when they are fine. */
export function checkOptions(written: Written): OptionError[] {
  return parseAndJudge(written).errors;
}

function refuse(errors: OptionError[]): void {
  if (errors.length === 0) return;
  const ofGateway = errors.every(({ option }) => optionNamed(option).scope === "gateway");
  const problems = errors.map(errorLine).join("\n");
  throw infraError("OPTIONS_INVALID", { problems, verb: ofGateway ? "gateway" : "up" });
}

/** Refuses what is wrong by itself: how options go together shows only beside those that are kept. Throws OPTIONS_INVALID. */
export function refuseWrongValues(written: Written): void {
  refuse(parseAll(written).errors);
}

/** What people typed → one spelling, defaults filled in. Throws OPTIONS_INVALID with every error in it. */
export function resolve(written: Written): Resolved {
  const { values, errors } = parseAndJudge(written);
  refuse(errors);
  return values as Resolved;
}

/** "--batch-window must be at least 1s when …" */
export function errorLine({ option, message }: OptionError): string {
  return `--${optionNamed(option).flag} ${message}`;
}

/** Throws nothing: the names are the table's own. */
export function optionNamed(name: OptionName): Option {
  return options.find((option) => option.name === name)!;
}
