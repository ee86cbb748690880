/**
 * What host and sandbox say to each other: `u32 header length, u32 payload length, header (JSON), payload`.
 * The payload is JSON text already and is never wrapped in JSON again. The sandbox has its own copy of this in
 * sandbox.ts, which may import nothing.
 */
export type SandboxFrame =
  | { type: "ready" }
  | { type: "initError" }
  | { type: "log" }
  | { type: "done"; requestId: string; rss: number }
  | { type: "error"; requestId: string; rss: number };

export interface InvokeFrame {
  type: "invoke";
  requestId: string;
  arn: string;
  /** Milliseconds since the epoch. */
  deadline: number;
}

/** Where it may open connections: the first frame, before the function's code is loaded, and after each change. */
export interface ReachFrame {
  type: "reach";
}

/** One write per invocation, without copying a payload that is large. */
export function encodeFrame(header: InvokeFrame | ReachFrame, payload: string): Buffer {
  const head = JSON.stringify(header);
  const headLength = Buffer.byteLength(head);
  const payloadLength = Buffer.byteLength(payload);
  const frame = Buffer.allocUnsafe(8 + headLength + payloadLength);
  frame.writeUInt32BE(headLength, 0);
  frame.writeUInt32BE(payloadLength, 4);
  frame.write(head, 8);
  frame.write(payload, 8 + headLength);
  return frame;
}

/** Bytes. Headers are short; whatever claims a longer one is no frame. */
const MAX_HEADER = 65_536;

/** Cuts a byte stream into frames; throws on what is none. Large payloads are joined once, when they are complete. */
export function frameReader(
  onFrame: (header: SandboxFrame, payload: string) => void,
): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = 8;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    let buffer = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
    wanted = 8;
    while (buffer.length >= 8) {
      const head = buffer.readUInt32BE(0);
      if (head > MAX_HEADER) throw new RangeError(`a frame with a header of ${head} bytes`);
      const end = 8 + head + buffer.readUInt32BE(4);
      if (buffer.length < end) {
        wanted = end;
        break;
      }
      onFrame(JSON.parse(buffer.toString("utf8", 8, 8 + head)), buffer.toString("utf8", 8 + head, end));
      buffer = buffer.subarray(end);
    }
    chunks = buffer.length > 0 ? [buffer] : [];
    size = buffer.length;
  };
}
