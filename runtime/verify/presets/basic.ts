import { equalText, fittingKey } from "../equal";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";

/** Compared as it is written, so that there is one way to write it: https://www.rfc-editor.org/rfc/rfc7617 */
function check({ request, keys }: Ask): Checked {
  const [, given] = /^basic +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  if (given === undefined) return refused("the header authorization is missing or not Basic");
  const key = fittingKey(keys, (secret) => equalText(given, Buffer.from(secret).toString("base64")));
  return key === null ? refused("user or password is wrong") : accepted(key);
}

export default {
  name: "basic",
  title: "HTTP Basic authentication",
  docs: "https://www.rfc-editor.org/rfc/rfc7617",
  checkedAgainst: "documentation",
  secret: "User and password with a colon between them: user:password.",
  secretProblem: (secret) =>
    /^[^:]+:./s.test(secret) ? undefined : "must be user:password, with a colon between them",
  coversBody: false,
  check,
  id: [],
  redact: () => ["header:authorization"],
} satisfies Preset;
