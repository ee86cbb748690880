import * as pulumi from "@pulumi/pulumi";
import { secretsByName } from "../runtime/code-secrets";
import { parseSecrets } from "../runtime/verify/secrets";
import type { Settings } from "./settings";

/** Which secrets a name has, without what they are: `nami secret list` needs no key for that. */
export function secretFacts({
  secret,
}: Settings): pulumi.Output<{ number: number; addedAt: string | null }[]> | [] {
  if (!secret) return [];
  const facts = secret.apply((text) =>
    parseSecrets(text).map(({ number, addedAt = null }) => ({ number, addedAt })),
  );
  return pulumi.unsecret(facts);
}

/** The names that the user's code knows its secrets by. */
export function codeSecretNames({ codeSecrets }: Settings): pulumi.Output<string[]> | [] {
  if (!codeSecrets) return [];
  return pulumi.unsecret(codeSecrets.apply((text) => Object.keys(secretsByName(text)).sort()));
}
