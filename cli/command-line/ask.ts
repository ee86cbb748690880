import { createInterface } from "node:readline/promises";
import { cliError } from "../errors";
import type { Io } from "../io";

/**
 * Asks a person to type `expected` before something that cannot be undone.
 * Throws CONFIRMATION_NEEDED where nobody can answer, NOT_CONFIRMED for any other answer.
 */
export async function confirm(io: Io, question: string, expected: string): Promise<void> {
  if (!io.isTTY) throw cliError("CONFIRMATION_NEEDED", { question });
  io.err.write(`${question} Type ${expected} to go on: `);
  const lines = createInterface({ input: io.stdin });
  try {
    const answer = await lines.question("", { signal: io.signal });
    if (answer.trim() !== expected) throw cliError("NOT_CONFIRMED");
  } finally {
    lines.close();
  }
}
