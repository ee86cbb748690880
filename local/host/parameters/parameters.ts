import type { Parameters } from "../services";

type Parameter = NonNullable<ReturnType<Parameters["get"]>>;

/** Where values of API calls are kept: the host's database. */
export interface Facts {
  fact(name: string): string | undefined;
  setFact(name: string, value: string): void;
  removeFact(name: string): void;
}

const key = (name: string) => `parameter:${name}`;

interface Overwritten {
  /** The program's value that this one was put over. */
  over: string;
  value: string;
}

/**
 * The Parameter Store. What the program made is in memory: after a restart the resource table puts it back. What an API
 * call has put over it is among the host's facts.
 */
export function createParameters(facts: Facts): Parameters {
  const parameters = new Map<string, Parameter>();
  const overwritten = (name: string): Overwritten | undefined => {
    const text = facts.fact(key(name));
    return text === undefined ? undefined : (JSON.parse(text) as Overwritten);
  };
  return {
    put(name, value, type) {
      parameters.set(name, { name, value, type });
      const put = overwritten(name);
      if (put && put.over !== value) facts.removeFact(key(name));
    },
    overwrite(name, value) {
      const made = parameters.get(name);
      if (made) facts.setFact(key(name), JSON.stringify({ over: made.value, value } satisfies Overwritten));
    },
    remove(name) {
      parameters.delete(name);
      facts.removeFact(key(name));
    },
    get(name) {
      const made = parameters.get(name);
      return made && { ...made, value: overwritten(name)?.value ?? made.value };
    },
  };
}
