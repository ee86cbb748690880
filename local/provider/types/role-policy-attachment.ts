import type { TypeTable } from "../property-table";

/** Of AWS's managed policies, those whose text the host knows. */
export const rolePolicyAttachment: TypeTable = {
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  inputs: {
    policyArn: {
      type: "string",
      required: true,
      replaces: true,
      only: [
        "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
      ],
    },
    role: { type: "string", required: true, replaces: true },
  },
  outputs: {},
};
