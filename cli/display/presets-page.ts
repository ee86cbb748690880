import type { Preset } from "../../runtime/verify/preset";
import { presets } from "../../runtime/verify/presets";
import { described, timeWithin } from "./preset-facts";

const cell = (text: string) => text.replaceAll("|", "\\|");
const code = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(", ");

/** Behind the events. */
const MARKS = { secret: "", "private key": "; *private key*", "provider alone": "; *provider alone*" };

function row(preset: Preset): string {
  const { name, title, docs, secret, verifyToken, deliveryId, ...more } = described(preset);
  const asked = [secret, verifyToken && `With \`--verify-token\`: ${verifyToken}`].filter(Boolean).join(" ");
  const cells = [
    `\`${name}\``,
    `[${title}](${docs})`,
    asked || "none",
    more.bodyIsSigned ? "all" : "not all",
    timeWithin(preset),
    code(deliveryId),
    [...new Set(more.handshakes)].join("; "),
    more.checkedAgainst ?? "**experimental**",
    `${code(more.events)}${MARKS[more.eventsSignedBy ?? "secret"]}`,
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** The text of docs/presets.md. */
export function presetsPage(): string {
  return [
    "# Presets of verification",
    "",
    "<!-- Generated from runtime/verify/presets and cli/send/senders by `npm run docs`; do not edit. -->",
    "",
    "What `--verify` takes; how to use it stands in [verification.md](verification.md). *Body* is what a changed body is",
    "noticed of. *Time* is how far a signed time may be away from now; with *any*, as far as `--verify-tolerance` says; with",
    "none, an old request can be sent again. *Delivery id* is where the id stands by which duplicates are known; with none, in",
    "a well-known header.",
    "",
    "*Checked against* is the provider's own library (`npm …`, in the tests both ways) or an example of its documentation;",
    "*experimental* is what has neither: made from the provider's words alone. *Private key*: a name has the public half alone,",
    "so that `nami send` asks for the other with `--secret`. *Provider alone*: the name fetches the provider's certificate, so",
    "that an example of `nami send` reaches only names that do not verify it.",
    "",
    "| preset | of | `--secret` is | body | time | delivery id | handshakes | checked against | `nami send --event` |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...presets.map(row),
    "",
  ].join("\n");
}
