import type { TypeTable } from "../property-table";

/** AWS's managed policies are not written down here: only those that grant nothing a role needs on this machine. */
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
