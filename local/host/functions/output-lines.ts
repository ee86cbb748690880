import { StringDecoder } from "node:string_decoder";

/** Longest log event of CloudWatch, characters; a longer line is cut into several. */
const MAX_LINE = 1_048_576;
/** How long the rest of a line is waited for, ms: chunks of one write follow each other at once. */
const PATIENCE_MS = 100;

/** Cuts what a process writes into lines, wherever its pipe cuts it into chunks. Empty lines are no events. */
export class OutputLines {
  private readonly decoder = new StringDecoder("utf8");
  private rest = "";
  private timer?: NodeJS.Timeout;

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: Buffer): void {
    clearTimeout(this.timer);
    const lines = (this.rest + this.decoder.write(chunk)).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) this.emit(line);
    if (this.rest.length >= MAX_LINE) this.end();
    else if (this.rest !== "") this.timer = setTimeout(() => this.end(), PATIENCE_MS).unref();
  }

  /** What came without a line end is a line all the same. */
  end(): void {
    clearTimeout(this.timer);
    const last = this.rest;
    this.rest = "";
    this.emit(last);
  }

  private emit(line: string): void {
    if (line !== "") this.onLine(line);
  }
}
