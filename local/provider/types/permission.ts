import { region, type TypeTable } from "../property-table";

/** A statement of a function's resource policy; AWS has no call that changes one. */
export const permission: TypeTable = {
  type: "aws:lambda/permission:Permission",
  inputs: {
    ...region,
    action: { type: "string", required: true, replaces: true },
    function: { type: "string", required: true, replaces: true },
    principal: { type: "string", required: true, replaces: true },
    sourceAccount: { type: "string", replaces: true },
    sourceArn: { type: "string", replaces: true },
    statementId: { type: "string", replaces: true },
    statementIdPrefix: { type: "string", replaces: true },
  },
  outputs: { statementId: {} },
};
