import { region, type TypeTable } from "../property-table";

/** A subnet's route table. Gateways have none here. */
export const routeTableAssociation: TypeTable = {
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  inputs: {
    ...region,
    routeTableId: { type: "string", required: true },
    subnetId: { type: "string", required: true, replaces: true },
  },
  outputs: {},
};
