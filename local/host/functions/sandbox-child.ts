/**
 * Loaded first by every Node process that a function starts (NODE_OPTIONS): the process may open connections only where the
 * function may. A child that is started with another environment is not held to it. A part of the sandbox: it imports
 * nothing but Node.
 */
import { writeSync } from "node:fs";
import { NetworkGuard } from "./sandbox-network";
import type { Reach } from "./sandbox-reach";

const { NAMI_SANDBOX_REACH: reach } = process.env;
if (reach)
  new NetworkGuard(JSON.parse(reach) as Reach, (line) => {
    try {
      writeSync(2, `${line}\n`);
    } catch {
      // Standard error is closed: the line is lost.
    }
  });
