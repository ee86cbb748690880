import { crc32 } from "node:zlib";
import { AwsError } from "../aws-error";
import { checkRoute, tableNamed } from "../network/route-checks";
import { routeOf } from "../network/view";
import type { ResourceKind } from "../services";

/** A route that stands apart from its table. Its id is made as terraform-provider-aws makes it. */
export const vpcRoute: ResourceKind = {
  type: "aws:ec2/route:Route",
  async create(services, { inputs }) {
    const network = services.network.in(String(inputs.region));
    const table = tableNamed(network, String(inputs.routeTableId));
    const route = routeOf(inputs);
    checkRoute(network, table, route);
    if (table.routes.some(({ cidr }) => cidr === route.cidr)) {
      throw new AwsError("RouteAlreadyExists", `The route identified by ${route.cidr} already exists.`);
    }
    const id = `r-${table.id}${crc32(route.cidr)}`;
    return { id, outputs: { instanceId: "", instanceOwnerId: "", origin: "CreateRoute", state: "active" } };
  },
  async update(services, record, inputs) {
    const network = services.network.in(String(inputs.region));
    checkRoute(network, tableNamed(network, String(inputs.routeTableId)), routeOf(inputs));
    return record.outputs;
  },
  async read(services, { inputs, outputs }) {
    const { natGateways, internetGateways, egressOnlyGateways } = services.network.in(String(inputs.region));
    const { target } = routeOf(inputs);
    const stands = [natGateways, internetGateways, egressOnlyGateways].some((gateways) =>
      gateways.has(target),
    );
    return { ...outputs, state: stands ? "active" : "blackhole" };
  },
};
