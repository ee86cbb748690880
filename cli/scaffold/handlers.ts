/** What `nami create` writes: handlers that do what Nami does without them, with the rest shown as comments. */

export const preQueue = `import type { PreQueueHandler } from "../nami";

/**
 * Runs before the queue, once for each request, while the sender waits: be quick here, and do the work in post-queue.
 * Without a word from it the event is queued as it came. It may be \`async\`. A throw answers 500: the sender tries again.
 */
const handler: PreQueueHandler = (event, { drop, respond, log }) => {
  // Answer 200 and forget it:
  //   if ((event.body as { type?: string })?.type === "ping") drop("a ping");
  //
  // Answer for yourself, and queue nothing:
  //   if (event.query.challenge) respond(200, String(event.query.challenge));
  //   if (!event.contentType?.includes("json")) respond(415, { error: "JSON, please" });
  //
  // Who may post is checked before this runs: \`nami verify list\`. A key in a header is \`--verify api-key\`; a check of your
  // own is \`--verify custom\`, with an \`export const verify\` in this file.
  //
  // Seen with \`nami logs\`:
  //   log("came in", { from: event.sourceIp });
};

export default handler;
`;

export const postQueue = `import type { PostQueueHandler } from "../nami";

/**
 * Runs after the queue, once for each event, before it is stored. Returning nothing stores it as it is; returning a
 * document stores that one. It may be \`async\`. A throw makes the queue deliver the event again, a few times.
 */
const handler: PostQueueHandler = (event, { deadLetter, log, db, secrets }) => {
  // Store something more with it:
  //   return { ...event, customer: (event.body as { customer?: string })?.customer };
  //
  // Set it aside in nami.dead_letters, for good:
  //   if (event.body === undefined) deadLetter(\`not to be read: \${event.bodyError}\`);
  //
  // Look something up, or keep something, in the same database (in an \`async\` handler):
  //   const customer = await db.collection("customers").findOne({ key: secrets.CUSTOMER_KEY });
  //
  // Seen with \`nami logs\`:
  //   log("about to store", { attempts: event.attempts });
};

export default handler;
`;
