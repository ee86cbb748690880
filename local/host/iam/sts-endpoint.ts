import { LOCAL_ACCOUNT } from "../../protocol";
import type { AwsHandler, AwsReply } from "../aws-call";
import { AwsError } from "../aws-error";
import type { LocalIam } from "./iam";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** STS over AWS's query protocol: GetCallerIdentity, which every identity may call. */
export function createStsHandler(iam: LocalIam): AwsHandler {
  return async ({ identity, body, url }) => {
    const query = new URLSearchParams(body.length > 0 ? body.toString() : url.split("?")[1]);
    const action = query.get("Action") ?? "";
    if (action !== "GetCallerIdentity") {
      throw new AwsError("InvalidAction", `The local target has no STS action ${action}.`);
    }
    const facts = { Arn: identity.arn, UserId: iam.userId(identity), Account: LOCAL_ACCOUNT };
    const result = Object.entries(facts).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
    return xml(
      200,
      `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult>${result.join("")}` +
        "</GetCallerIdentityResult></GetCallerIdentityResponse>",
    );
  };
}

/** Errors of AWS's query protocol. */
export function stsError(error: AwsError, requestId: string): AwsReply {
  const type = error.httpStatus >= 500 ? "Receiver" : "Sender";
  const fields = `<Type>${type}</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
  const body = `<ErrorResponse xmlns="${NAMESPACE}"><Error>${fields}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return xml(error.httpStatus, body);
}

function xml(status: number, body: string): AwsReply {
  return { status, headers: { "content-type": "text/xml" }, body };
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
