import type { Parameters } from "../services";

type Parameter = NonNullable<ReturnType<Parameters["get"]>>;

/** The Parameter Store. In memory: after a restart the resource table puts every parameter back. */
export function createParameters(): Parameters {
  const parameters = new Map<string, Parameter>();
  return {
    put: (name, value, type) => void parameters.set(name, { name, value, type }),
    remove: (name) => void parameters.delete(name),
    get: (name) => parameters.get(name),
  };
}
