/**
 * What every Node process that a function starts loads first: it may open connections where the function may, and nowhere
 * else. The sandbox says so in its own environment (NODE_OPTIONS); who starts a child without that is not held. A part of
 * the sandbox: it imports nothing but Node.
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
      // Nobody reads what it says.
    }
  });
