import * as pulumi from "@pulumi/pulumi";
import { STORED_SECRET } from "./option-values";
import { type OptionScope, options, type Resolved, type Written } from "./options";
import { resolve } from "./resolve-options";

/** All inputs of a program: the stack's name and its config, nothing else. */
export interface Settings extends Omit<Resolved, SecretName | "profile"> {
  /** The stack: the deployment's name, or `<target>-<region>` of a gateway. */
  name: string;
  /** AWS account the stack is deployed in; absent before its first deployment. */
  account?: string;
  /** What the functions' code was last made as, after a `nami dev`; absent before the first. */
  edition?: string;
  /** Secret. Absent: Nami runs the Mongo host. */
  mongoUri?: pulumi.Output<string>;
  /** Secret: what signatures are made with, as runtime/verify/secrets.ts reads it. */
  secret?: pulumi.Output<string>;
  /** Secret: of a handshake. */
  verifyToken?: pulumi.Output<string>;
  /** Secret: JSON of names and values for the user's code. */
  codeSecrets?: pulumi.Output<string>;
}

const SECRETS = ["mongoUri", "secret", "verifyToken", "codeSecrets"] as const;
type SecretName = (typeof SECRETS)[number];

/** The settings of one scope alone, without secrets: what a stack tells of how it was made. */
export function settingsOf(scope: OptionScope, settings: Settings): Record<string, unknown> {
  const values = settings as unknown as Record<string, unknown>;
  const plain = options.filter((option) => option.scope === scope && option.kind !== "secret");
  const names = plain.map(({ name }) => name);
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
}

/** "nami:preQueueMemory" is the key "preQueueMemory" of the bag "nami". */
function configValue(configKey: string, secret: boolean): string | undefined {
  const [namespace, key] = configKey.split(":") as [string, string];
  const config = new pulumi.Config(namespace);
  if (secret) return config.getSecret(key) && STORED_SECRET;
  return config.get(key);
}

/** Reads the stack's config, inside a program. Throws OPTIONS_INVALID with everything that is wrong in it. */
export function readSettings(): Settings {
  const written: Written = {};
  for (const { name, kind, configKey, scope } of options) {
    if (scope === "person") continue;
    const value = configValue(configKey, kind === "secret");
    if (value !== undefined) written[name] = value;
  }
  const isPlain = ([name]: [string, unknown]) => !(SECRETS as readonly string[]).includes(name);
  const values = Object.fromEntries(Object.entries(resolve(written)).filter(isPlain));
  const told = new pulumi.Config("nami");
  const account = told.get("account");
  const edition = told.get("edition");
  const settings: Settings = {
    ...(values as Omit<Resolved, SecretName>),
    name: pulumi.getStack(),
    ...(account && { account }),
    ...(edition && { edition }),
  };
  for (const name of SECRETS) if (written[name] !== undefined) settings[name] = told.requireSecret(name);
  return settings;
}
