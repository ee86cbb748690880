import type { SQSRecord } from "aws-lambda";
import { MAX_DECODED } from "./decode";
import { decodeMessage, type MessageMeta } from "./message";

/** What a message brings. */
export interface Incoming {
  messageId: string;
  meta: MessageMeta;
  raw: Buffer;
  /** How often the queue has delivered the message, this time counted. */
  attempts: number;
}

/** Throws an Error that says what is wrong with the message. */
export function incoming({ messageId, body, attributes }: SQSRecord): Incoming {
  return { messageId, ...decodeMessage(body), attempts: Number(attributes.ApproximateReceiveCount) || 1 };
}

/**
 * Bytes of decoded bodies that are held at the same time. A batch has 6 MB, but 16 KB of it can stand for 16 MB: all
 * of such a batch at once would end the function, and with it everybody else's events in the batch. One of 16 MB takes
 * 170 MB of the function's memory on its way into the store, ten one after the other 300 MB.
 */
const LOAD = MAX_DECODED;
/** https://zlib.net/zlib_tech.html: deflate makes at most 1032 bytes of one. Brotli has no such limit. */
const DEFLATE_RATIO = 1032;

/** Splits a batch into loads that are stored one after the other; one that holds nothing compressed is a single load. */
export function loadsOf(messages: Incoming[]): Incoming[][] {
  const loads: Incoming[][] = [];
  let room = 0;
  for (const message of messages) {
    const weight = weightOf(message);
    if (weight > room || loads.length === 0) {
      loads.push([]);
      room = LOAD;
    }
    loads.at(-1)!.push(message);
    room -= weight;
  }
  return loads;
}

function weightOf({ meta, raw }: Incoming): number {
  const encoding = meta.request.headers["content-encoding"];
  if (!encoding) return raw.length;
  const ratio = /^\s*(x-)?(gzip|deflate)\s*$/i.test(encoding) ? DEFLATE_RATIO : Number.POSITIVE_INFINITY;
  return Math.min(MAX_DECODED, raw.length * ratio);
}
