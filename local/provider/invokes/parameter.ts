import { arn, publicImage } from "../../region";
import type { Host } from "../resources";
import type { Values } from "../values";

const PUBLIC_IMAGE =
  /^\/aws\/service\/ami-amazon-linux-latest\/al2023-ami-(minimal-)?kernel-(default|6\.\d+)-(arm64|x86_64)$/;

function answer(name: string, region: string, type: string, value: string, version: number): Values {
  const secret = type === "SecureString";
  return {
    id: name,
    arn: arn("ssm", region, `parameter${name.startsWith("/") ? "" : "/"}${name}`),
    name,
    region,
    type,
    value,
    insecureValue: secret ? "" : value,
    version,
  };
}

/** A parameter of the account, or one of AWS's public AMI parameters. @throws Error ParameterNotFound */
export async function getParameter(args: Values, region: string, host: Host): Promise<Values> {
  const name = String(args.name);
  const where = String(args.region ?? region);
  if (PUBLIC_IMAGE.test(name)) return answer(name, where, "String", publicImage(name, where), 1);
  const record = await host.read({ urn: "", type: "aws:ssm/parameter:Parameter", id: name });
  if (!record) throw new Error(`ParameterNotFound: there is no parameter "${name}" on the local target.`);
  const { type, value } = record.inputs;
  return answer(name, where, String(type), String(value), Number(record.outputs.version));
}
