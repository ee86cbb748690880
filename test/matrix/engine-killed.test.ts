import { type KillPoint, killedEngine } from "../support/kill-points";

/** Creates of an `up`: those of the gateway (in the first), of the data, of the pipeline. */
const points: KillPoint[] = [
  { create: 2, when: "after" },
  { create: 1, when: "after" },
  { create: 4, when: "after" },
  { create: 11, when: "after" },
  { create: 18, when: "before" },
  { create: 26, when: "after" },
  { create: 34, when: "after" },
  { create: 44, when: "after" },
  { create: 54, when: "after" },
  { create: 64, when: "after" },
];

killedEngine({ mended: points, takenDown: points.slice(2) });
