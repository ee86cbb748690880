import { instanceType } from "../../instance-types";
import { availabilityZones } from "../../region";
import type { Values } from "../values";
import { filtersOf } from "./filters";

/** Every instance type that the host can tell the memory of is offered in every zone: an instance is a few processes here. */
export function getInstanceTypeOfferings(args: Values, region: string): Values {
  const where = String(args.region ?? region);
  const found = filtersOf("getInstanceTypeOfferings", args, ["instance-type", "location"]);
  const types = found.get("instance-type")?.filter((name) => instanceType(name) !== undefined);
  if (!types) throw new Error('getInstanceTypeOfferings: the local target wants the filter "instance-type".');
  const all = args.locationType === "availability-zone" ? availabilityZones(where) : [where];
  const places = all.filter((place) => found.get("location")?.includes(place) ?? true);
  const pairs = types.flatMap((type) => places.map((place) => ({ type, place })));
  return {
    ...args,
    id: where,
    region: where,
    instanceTypes: pairs.map((pair) => pair.type),
    locations: pairs.map((pair) => pair.place),
    locationTypes: pairs.map(() => args.locationType ?? "region"),
  };
}
