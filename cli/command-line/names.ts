import { cliError } from "../errors";

/** Names of Nami's own parts; as a deployment's name they would be mistaken for them. */
const RESERVED = ["nami", "gateway", "data", "host", "all"];

function fault(name: string): string | undefined {
  if (RESERVED.includes(name)) return "it is reserved";
  if (name.length < 2 || name.length > 40) return "it must have 2 to 40 characters";
  if (!/^[a-z]/.test(name)) return "it must begin with a lower-case letter";
  if (!/^[a-z0-9-]+$/.test(name)) return "only lower-case letters, digits and hyphens may stand in it";
  if (name.endsWith("-")) return "it must not end with a hyphen";
  return undefined;
}

/** Throws NAME_INVALID unless the text can be the name of a deployment: it stands in URLs, ARNs and file names. */
export function checkName(name: string): void {
  const reason = fault(name);
  if (reason) throw cliError("NAME_INVALID", { name, reason });
}
