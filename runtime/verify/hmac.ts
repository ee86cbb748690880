import { createHmac } from "node:crypto";
import type { IncomingRequest } from "../event";
import { boundaryProblem } from "./boundaries";
import { decode, type Encoding } from "./encoding";
import { equalBytes, fittingKey } from "./equal";
import {
  type Ask,
  accepted,
  type Check,
  type Checked,
  type Preset,
  refused,
  type VerifySettings,
} from "./preset";
import { requestUrl } from "./request-url";
import { headerOf, partsOf } from "./template";
import { parseTime, type TimeUnit, timeProblem } from "./tolerance";

/** A signature made with HMAC, as data: enough to check it, and to make it. */
export interface HmacScheme {
  algorithm: "sha1" | "sha256" | "sha384" | "sha512";
  /** Lower-cased. */
  header: string;
  /** What stands before a signature in its header: "sha256=". */
  prefix?: string;
  encoding: Encoding;
  /** Several signatures in the header, with this between them; each has the prefix. */
  separator?: string;
  /** The header is a list of `name=value`: `t=1700000000,v1=5257a8…`. */
  fields?: { separator: string; signature: string; timestamp?: string };
  /** A time that is signed along, from a header of its own or from `fields`. Seconds of tolerance. */
  timestamp?: { header?: string; unit: TimeUnit; tolerance: number };
  /** What is signed: text with {body}, {timestamp}, {url}, {method}, {path}, {header:x}. */
  signed: string;
  /** Secret as people have it → key; undefined when it cannot be one. UTF-8 bytes, unless given. */
  key?(secret: string): Buffer | undefined;
}

/** Signatures of a header beyond these are not looked at. */
const MOST_SIGNATURES = 10;

interface Given {
  signatures: string[];
  timestamp?: string;
}

/** The HMAC of a request under one key; undefined when the secret cannot be a key. */
export function hmacOf(
  scheme: HmacScheme,
  secret: string,
  request: IncomingRequest,
  { timestamp = "", url }: { timestamp?: string; url: string },
): Buffer | undefined {
  const key = scheme.key ? scheme.key(secret) : Buffer.from(secret);
  if (!key || key.length === 0) return undefined;
  const mac = createHmac(scheme.algorithm, key);
  for (const part of signedParts(scheme.signed, request, { timestamp, url })) mac.update(part);
  return mac.digest();
}

/** {body} stands for the raw bytes: as text, what is not UTF-8 would be signed as something else. */
function signedParts(
  template: string,
  request: IncomingRequest,
  { timestamp, url }: { timestamp: string; url: string },
): (string | Buffer)[] {
  return partsOf(template).map((part) => {
    if (part === "{body}") return request.raw;
    if (part === "{timestamp}") return timestamp;
    if (part === "{url}") return url;
    if (part === "{method}") return request.method;
    if (part === "{path}") return request.path;
    return headerOf(part, request)?.value ?? part;
  });
}

/** Over the raw bytes, every key tried in constant time. */
export function checkHmac(scheme: HmacScheme, { request, keys, now, settings }: Ask): Checked {
  const given = readHeader(scheme, request);
  if (typeof given === "string") return refused(given);
  const missing = /\{timestamp\}/.test(scheme.signed) && given.timestamp === undefined;
  if (missing) return refused(`${timestampPlace(scheme)} is missing`);
  const signatures: Buffer[] = [];
  for (const text of given.signatures) {
    const bytes = decode(text, scheme.encoding);
    if (bytes) signatures.push(bytes);
  }
  if (signatures.length === 0) return refused(`the signature in ${scheme.header} is not ${scheme.encoding}`);
  const url = requestUrl(request, settings.url);
  if (url === "" && scheme.signed.includes("{url}")) return refused("the request does not name its host");
  const key = fittingKey(keys, (secret) => {
    const expected = hmacOf(scheme, secret, request, { timestamp: given.timestamp, url });
    return expected !== undefined && signatures.map((each) => equalBytes(each, expected)).includes(true);
  });
  if (key === null) return refused(doesNotFit(keys.length));
  const cut = boundaryProblem(scheme.signed, request);
  if (cut !== undefined) return refused(cut);
  const late = lateness(scheme, given.timestamp, settings, now);
  return late === undefined ? accepted(key) : refused(late);
}

export function doesNotFit(keys: number): string {
  return `the signature does not fit ${keys === 1 ? "the secret" : `any of the ${keys} secrets`}`;
}

/** What the headers say; a text says what is wrong with them. */
function readHeader(scheme: HmacScheme, request: IncomingRequest): Given | string {
  const { header, fields, separator, prefix = "" } = scheme;
  const value = request.headers[header]?.trim();
  if (!value) return `the header ${header} is missing`;
  const fromHeader = scheme.timestamp?.header && request.headers[scheme.timestamp.header]?.trim();
  if (fields) {
    const pairs = value.split(fields.separator).map((pair) => pair.trim().split(/=(.*)/s));
    const of = (name: string) => pairs.filter(([key]) => key === name).map(([, text = ""]) => text);
    const signatures = of(fields.signature).slice(0, MOST_SIGNATURES);
    if (signatures.length === 0) return `the header ${header} has no ${fields.signature}=…`;
    const [timestamp] = fields.timestamp ? of(fields.timestamp) : [fromHeader];
    return { signatures, timestamp: timestamp || undefined };
  }
  const parts = (separator ? value.split(separator) : [value]).slice(0, MOST_SIGNATURES);
  const signatures = parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));
  if (signatures.length === 0) return `the header ${header} does not begin with ${prefix}`;
  return { signatures, timestamp: fromHeader || undefined };
}

function timestampPlace({ header, fields, timestamp }: HmacScheme): string {
  return fields?.timestamp ? `${fields.timestamp}=… in ${header}` : `the header ${timestamp?.header}`;
}

function lateness(
  scheme: HmacScheme,
  text: string | undefined,
  settings: VerifySettings,
  now: number,
): string | undefined {
  if (!scheme.timestamp) return undefined;
  const time = parseTime(text ?? "", scheme.timestamp.unit);
  if (time === undefined) return `${timestampPlace(scheme)} is not a time`;
  return timeProblem(time, settings.tolerance ?? scheme.timestamp.tolerance, now);
}

/** A preset whose check is an HMAC and nothing else. */
export function hmacPreset({ hmac, ...rest }: HmacPreset): Preset {
  const check: Check = (ask) => checkHmac(hmac, ask);
  return {
    coversBody: hmac.signed.includes("{body}"),
    ...(hmac.timestamp && { tolerance: hmac.timestamp.tolerance }),
    ...rest,
    hmac,
    check,
  };
}

type HmacPreset = Omit<Preset, "check" | "coversBody" | "tolerance" | "hmac"> & {
  hmac: HmacScheme;
  secret: string;
};
