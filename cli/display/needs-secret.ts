import { presetNamed } from "../../runtime/verify/presets";

/**
 * What is to be known of a name that checks by a secret and has none yet, as with providers that tell it in a handshake:
 * without a word, it looks as well as any other. Undefined for all others.
 * @param secrets how many count
 */
export function needsSecret({ name, verify, secrets }: { name: string; verify: string; secrets: number }) {
  if (secrets > 0 || presetNamed(verify)?.secret === undefined) return undefined;
  return `every event is refused until a secret is added: nami secret add ${name} @-`;
}
