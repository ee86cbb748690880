import { MONGO_SERIES } from "../mongo-series";
import { DAY, HOUR, type Table } from "./declared";

/** Not a Local Zone ("us-east-1-bos-1a"), which an account may have opted into. */
export const AVAILABILITY_ZONE = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/;

/** The MongoDB: the one that Nami runs, or one's own. */
export const store = {
  mongoUri: {
    kind: "secret",
    scope: "pipeline",
    text: "A MongoDB of your own to store in, instead of the one Nami runs; it must be reachable from the functions.",
  },
  keep: {
    kind: "duration",
    unit: "s",
    min: HOUR,
    max: 3650 * DAY,
    scope: "pipeline",
    text: "How long stored events are kept, counted from when they came in; without it for ever.",
  },
  mongoVersion: {
    kind: "text",
    default: "8.0",
    pattern: new RegExp(`^(${MONGO_SERIES.join("|").replaceAll(".", "\\.")})(\\.\\d{1,3})?$`),
    example: `${MONGO_SERIES.join(", ")}, or one release of these (8.0.12)`,
    scope: "data",
    text: "Version of the MongoDB that Nami runs on AWS.",
  },
  mongoPort: {
    kind: "integer",
    default: 27_017,
    min: 1,
    max: 65_535,
    scope: "pipeline",
    text: "Port of the MongoDB that Nami runs; on this machine a free one is chosen by the first `nami up`.",
  },
  instanceType: {
    kind: "text",
    default: "t4g.small",
    pattern: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
    example: "t4g.small",
    scope: "data",
    text: "EC2 instance type of the machine that runs MongoDB.",
  },
  zone: {
    kind: "text",
    pattern: AVAILABILITY_ZONE,
    example: "us-east-1b",
    scope: "data",
    text: "Availability zone of that machine and its volume; the first of the region that has the instance type, unless given. It stays where it is.",
  },
  volumeSize: {
    kind: "integer",
    unit: "GB",
    default: 20,
    min: 2,
    max: 16_384,
    scope: "data",
    text: "Size of the volume that holds the events; it can grow, never shrink.",
  },
  snapshots: {
    kind: "integer",
    unit: "days",
    default: 0,
    min: 0,
    max: 1000,
    scope: "data",
    text: "A snapshot of that volume every day, so many days kept; 0: none. AWS only: this machine takes none.",
  },
} as const satisfies Table;
