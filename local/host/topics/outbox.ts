import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "../../durable";

export interface Mail {
  fromName: string;
  to: string;
  subject: string;
  text: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** An alarm that comes and goes for weeks must not fill the disk. */
const KEPT = 1_000;

/**
 * Mails as files that a mail program opens: NAMI_HOME/host/mail/<time>-<random>.eml, the newest KEPT of them.
 * There is no mail server on this machine.
 */
export class Outbox {
  private readonly dir: string;

  /** `dir` is NAMI_HOME/host. */
  constructor(dir: string) {
    this.dir = join(dir, "mail");
  }

  put(mail: Mail): void {
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    const time = new Date(mail.at).toISOString().replace(/[-:.]/g, "");
    writeDurably(join(this.dir, `${time}-${randomBytes(4).toString("hex")}.eml`), format(mail));
    const mails = readdirSync(this.dir)
      .filter((name) => name.endsWith(".eml"))
      .sort();
    for (const name of mails.slice(0, Math.max(0, mails.length - KEPT))) rmSync(join(this.dir, name));
  }
}

/** A line of a header may not go on in the next one, whatever stands in a name. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

function format({ fromName, to, subject, text, at }: Mail): string {
  return [
    `Date: ${new Date(at).toUTCString().replace("GMT", "+0000")}`,
    `From: "${oneLine(fromName).replaceAll('"', "'")}" <no-reply@sns.amazonaws.com>`,
    `To: ${oneLine(to)}`,
    `Subject: ${oneLine(subject)}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=UTF-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    text,
    "",
    "--",
    "This mail was written to a file and not sent: the local target has no mail server.",
    "",
  ].join("\n");
}
