/** The text of a log event, read as JSON once and only when someone asks. */
export class EventText {
  private parsed?: { value: unknown };

  constructor(readonly text: string) {}

  /** Undefined for text that is no JSON object. */
  get json(): unknown {
    this.parsed ??= { value: this.text.startsWith("{") ? parse(this.text) : undefined };
    return this.parsed.value;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A selector of filter patterns: `$.a.b`. */
export type Selector = readonly string[];

export const SELECTOR = /^\$(?:\.[\w-]+)+$/;

export function parseSelector(text: string): Selector {
  return text.split(".").slice(1);
}

/** What the event has there: undefined where it has nothing. */
export function select(event: EventText, selector: Selector): unknown {
  let value = event.json;
  for (const name of selector) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
