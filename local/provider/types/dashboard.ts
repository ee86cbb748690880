import { region, type TypeTable } from "../property-table";

export const dashboard: TypeTable = {
  type: "aws:cloudwatch/dashboard:Dashboard",
  inputs: {
    ...region,
    dashboardBody: { type: "json", required: true },
    dashboardName: { type: "string", required: true, replaces: true },
  },
  outputs: { dashboardArn: {} },
  rules: ({ dashboardName }) =>
    typeof dashboardName === "string" && !/^[\w-]{1,255}$/.test(dashboardName)
      ? [`dashboardName is "${dashboardName}"; AWS allows letters, digits, - and _, up to 255`]
      : [],
};
