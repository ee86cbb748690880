import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openDatabase } from "../../../../../local/host/database";
import { createQueues } from "../../../../../local/host/queue/queues";
import { queueSchema } from "../../../../../local/host/queue/schema";
import { withTypeScript } from "../../../../support/register";
import { scratchFolder } from "../../../../support/scratch";

const SENDER = join(__dirname, "../../../../support/queue-sender.ts");

describe("the queues of a killed host", () => {
  it("have every acknowledged message after the next start", async function () {
    this.timeout(30_000);
    const file = join(scratchFolder("nami-kill-"), "host.db");
    const child = spawn(process.execPath, [...withTypeScript, SENDER, file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    for await (const chunk of child.stdout) {
      printed += chunk;
      if (printed.length > 37 * 2000) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    assert.equal(child.signalCode, "SIGKILL");
    const acknowledged = printed.split("\n").filter((line) => line.length === 36);
    assert.ok(acknowledged.length >= 2000);

    const database = openDatabase(file, [queueSchema]);
    const queues = createQueues(database, { now: Date.now });
    const found = new Set<string>();
    for (;;) {
      const messages = await queues.receive("q", { max: 1000 });
      if (messages.length === 0) break;
      for (const { messageId } of messages) found.add(messageId);
    }
    assert.deepEqual(
      acknowledged.filter((id) => !found.has(id)),
      [],
    );
    queues.close();
    database.close();
  });
});
