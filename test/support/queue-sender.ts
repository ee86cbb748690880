/** A process that sends until it is killed, and prints the id of every acknowledged message. Argument: the database. */
import { writeSync } from "node:fs";
import { openDatabase } from "../../local/host/database";
import { createQueues } from "../../local/host/queue/queues";
import { queueSchema } from "../../local/host/queue/schema";
import { ATTRIBUTES } from "./local-aws";

const queues = createQueues(openDatabase(process.argv[2]!, [queueSchema]), { now: Date.now });
queues.put("q", ATTRIBUTES);

/** The pipe is not blocking: when its reader is slow the write is to be tried again, not to end this process. */
function say(line: string): void {
  for (let rest = Buffer.from(line); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

async function sender(): Promise<never> {
  for (;;) {
    const { messageId } = await queues.send("q", "x".repeat(2000));
    say(`${messageId}\n`);
  }
}
for (let i = 0; i < 8; i++) void sender();
