import { sdkError } from "./provider-text";

/** Who may not do what, by the words of IAM. */
export interface Denial {
  who: string;
  action: string;
  resource: string;
  /** A sentence, or nothing. */
  why: string;
  /** What shows more. */
  command: string;
  /** Of the organization, when it is one of those that forbids it. */
  policy?: string;
}

/**
 * "User: ARN is not authorized to perform: ACTION on resource: ARN because no identity-based policy allows the … action"
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const DENIED =
  /(?:User: (\S+) )?is not authorized to perform: ([\w-]+:\w+)(?: on resource: "?([^\s"]+?)"?)?(?: (because no [^.]*? allows[^.]*|with an explicit deny in [^.]*))?(?:[.\s]|$)/s;
/** Some services say no more than this. */
const BARE =
  /\b(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|Forbidden(Exception)?)\b/;
const OF_ORGANIZATION = /(service control policy|resource control policy)/;

/** What IAM says of a role is asked of the role, not of its session. */
function principal(arn: string): string {
  const [, account, role] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return account ? `arn:aws:iam::${account}:role/${role}` : arn;
}

function commandFor(who: string | undefined, action: string): string {
  if (!who) return "aws sts get-caller-identity";
  return `aws iam simulate-principal-policy --policy-source-arn ${principal(who)} --action-names ${action}`;
}

/** The denial in a text; undefined when there is none. */
export function denialIn(text: string): Denial | undefined {
  const [found, who, action, resource, because] = DENIED.exec(text) ?? [];
  const called = sdkError(text)?.action;
  if (!found && !(called && BARE.test(text))) return undefined;
  const what = action ?? called!;
  const policy = OF_ORGANIZATION.exec(because ?? "")?.[1];
  return {
    who: who ?? "The user of these credentials",
    action: what,
    resource: resource ?? "what it needs",
    why: because ? `AWS refuses it ${because.trim()}.` : "",
    command: commandFor(who, what),
    ...(policy ? { policy } : {}),
  };
}
