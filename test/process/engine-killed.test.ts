import { killedEngine } from "../support/kill-points";

/** One of the gateway, one that is not made and one that is; every other point is in the matrix. */
killedEngine({
  mended: [
    { create: 2, when: "after" },
    { create: 18, when: "before" },
    { create: 44, when: "after" },
  ],
  takenDown: [{ create: 34, when: "after" }],
  flags: [],
});
