import { timingSafeEqual } from "node:crypto";
import type { Credentials } from "../services";
import type { HostSecret } from "./host-secret";

/** Whose key it is. */
export interface KeyOwner {
  role: string;
  /** Session name in the identity's ARN. */
  session: string;
}

/** Sessions whose derived values are kept. */
const KEPT = 1000;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Access keys, derived instead of stored: the same after a restart, and a lost table loses no key. */
export class Keys {
  readonly administrator: Credentials;
  private readonly sessions = new Map<string, Credentials>();
  private readonly ids = new Map<string, string>();
  private readonly owners = new Map<string, KeyOwner>();

  constructor(private readonly secret: HostSecret) {
    this.administrator = this.pair("AKIA", "administrator");
  }

  /** The keys of a role's session, with a session token as AWS's temporary keys have one. */
  ofRole(owner: KeyOwner): Credentials {
    const name = JSON.stringify([owner.role, owner.session]);
    const known = this.sessions.get(name);
    if (known) return known;
    const mac = this.secret.derive(`token ${name}`);
    const sessionToken = `${Buffer.from(name).toString("base64url")}.${mac.toString("base64url")}`;
    return keep(this.sessions, name, { ...this.pair("ASIA", `role ${name}`), sessionToken });
  }

  /** Whose token it is; undefined when this host did not make it. */
  ownerOf(sessionToken: string): KeyOwner | undefined {
    const known = this.owners.get(sessionToken);
    if (known) return known;
    const [encoded = "", mac = ""] = sessionToken.split(".");
    const name = Buffer.from(encoded, "base64url").toString();
    const given = Buffer.from(mac, "base64url");
    const right = this.secret.derive(`token ${name}`);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [role, session] = JSON.parse(name) as [string, string];
    return keep(this.owners, sessionToken, { role, session });
  }

  /** AWS's AIDA… and AROA… ids of users and roles. */
  uniqueId(prefix: "AIDA" | "AROA", name: string): string {
    const known = this.ids.get(name);
    return known ?? keep(this.ids, name, prefix + base32(this.secret.derive(`id ${name}`)).slice(0, 17));
  }

  private pair(prefix: "AKIA" | "ASIA", purpose: string): Credentials {
    const accessKeyId = prefix + base32(this.secret.derive(`key ${purpose}`)).slice(0, 16);
    const secretAccessKey = this.secret.derive(`secret ${purpose}`).toString("base64").slice(0, 40);
    return { accessKeyId, secretAccessKey };
  }
}

function keep<V>(cache: Map<string, V>, key: string, value: V): V {
  if (cache.size >= KEPT) cache.clear();
  cache.set(key, value);
  return value;
}

function base32(bytes: Buffer): string {
  return [...bytes].map((byte) => BASE32[byte & 31]).join("");
}
