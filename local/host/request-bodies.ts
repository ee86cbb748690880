import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error";

/** Largest body of a signed request: Lambda takes zips, and events of 6 MB. Bytes. */
const MAX_BODY = 32 * 1024 * 1024;
/**
 * Largest body of a request whose head does not prove that it is signed (`x-amz-content-sha256` is missing, as AWS's older
 * clients leave it out): SQS takes 1 MiB of text, of which JSON may make six times as much. Bytes.
 */
const MAX_UNPROVEN = 8 * 1024 * 1024;
/** Of all such requests at the same time. Bytes. */
const ALL_UNPROVEN = 32 * 1024 * 1024;

/** Reads bodies, and limits the memory for those whose sender is not known yet. */
export class RequestBodies {
  private held = 0;

  /** Throws AwsError RequestEntityTooLarge, ServiceUnavailable; the rest is not read then. */
  async read(request: IncomingMessage, proven: boolean): Promise<Buffer> {
    const most = proven ? MAX_BODY : MAX_UNPROVEN;
    if (Number(request.headers["content-length"] ?? 0) > most) throw tooLarge(most);
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (!proven) this.held += chunk.length;
        if (length > most) throw tooLarge(most);
        if (this.held > ALL_UNPROVEN) throw busy();
        chunks.push(chunk);
      }
    } finally {
      if (!proven) this.held -= length;
    }
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }
}

function tooLarge(most: number): AwsError {
  return new AwsError("RequestEntityTooLarge", `The limit of a request is ${most} bytes.`, 413);
}

/** The clients of AWS try such an answer again. */
function busy(): AwsError {
  return new AwsError("ServiceUnavailable", "Too many large requests at the same time.", 503);
}
