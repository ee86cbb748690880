import { Struct } from "./protobuf";

/** How the engine writes "not known yet" (sdk/go/common/resource/plugin/rpc.go). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine's signature key and its values (sdk/go/common/resource/sig). */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";

export type Values = Record<string, unknown>;

export function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArchive(value: unknown): value is Values {
  return isRecord(value) && value[SIGNATURE] === ARCHIVE;
}

export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** A copy without what is unknown and without absent values (null is how the engine writes undefined). */
export function present(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
}

export function fromStruct(struct: Struct | undefined): Values {
  return struct ? (struct.toJavaScript() as Values) : {};
}

/** Drops `undefined`, which the protobuf library refuses. */
export function toStruct(values: Values): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}

/** Key order does not count in JSON: the text of one meaning. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(",")}}`;
}
