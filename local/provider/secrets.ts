import { isRecord, SIGNATURE, type Values } from "./values";

/** Value of the signature key of a secret (sdk/go/common/resource/sig). */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function isSecret(value: unknown): value is { value: unknown } {
  return isRecord(value) && value[SIGNATURE] === SECRET;
}

/** The value, as a secret one. */
export function secret(value: unknown): Values {
  return { [SIGNATURE]: SECRET, value };
}

/** Whether it, or anything in it, is secret. */
export function hasSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isRecord(value) && Object.values(value).some(hasSecret);
}

function revealValue(value: unknown): unknown {
  if (isSecret(value)) return revealValue(value.value);
  if (Array.isArray(value)) return value.map(revealValue);
  return isRecord(value) ? reveal(value) : value;
}

/** The values themselves, secret or not. */
export function reveal(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, revealValue(value)]));
}

function concealValue(value: unknown, like: unknown): unknown {
  if (value === undefined) return undefined;
  if (isSecret(like)) return secret(value);
  if (Array.isArray(value) && Array.isArray(like)) return value.map((one, i) => concealValue(one, like[i]));
  return isRecord(value) && isRecord(like) ? conceal(value, like) : value;
}

/** Marks as secret what is secret at the same place in `like`: what is made of a secret input stays one in the state. */
export function conceal(values: Values, like: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, concealValue(value, like[name])]),
  );
}
