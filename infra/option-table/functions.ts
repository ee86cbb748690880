import type { Table } from "./declared";

/** The two functions of the pipeline, and the user's code in them. */
export const functions = {
  preQueueMemory: {
    kind: "integer",
    unit: "MB",
    default: 256,
    min: 128,
    max: 10_240,
    scope: "pipeline",
    text: "Memory of the pre-queue function, which answers the sender.",
  },
  preQueueTimeout: {
    kind: "duration",
    unit: "s",
    default: "10s",
    min: 1,
    max: 29,
    scope: "pipeline",
    text: "Longest time the pre-queue function may take for one webhook; the gateway itself gives up after 30s.",
  },
  postQueueMemory: {
    kind: "integer",
    unit: "MB",
    default: 512,
    min: 128,
    max: 10_240,
    scope: "pipeline",
    text: "Memory of the post-queue function, which stores the events.",
  },
  postQueueTimeout: {
    kind: "duration",
    unit: "s",
    default: "30s",
    min: 1,
    max: 900,
    scope: "pipeline",
    text: "Longest time the post-queue function may take for one batch.",
  },
  preQueue: {
    kind: "file",
    scope: "pipeline",
    text: "Your code before the queue: may drop an event or answer the sender.",
  },
  postQueue: {
    kind: "file",
    scope: "pipeline",
    text: "Your code after the queue: may change an event before it is stored, have it tried again, or give it up.",
  },
} as const satisfies Table;
