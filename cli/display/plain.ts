/** C0 but for tab and newline, DEL and C1: what moves a terminal's cursor, sets its title or its clipboard. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not reach a terminal
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** What a stranger has sent, for a terminal: control characters as `\\xNN`. */
export function plain(text: string): string {
  return text.replace(CONTROLS, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** The same for names and values. */
export function plainRows(rows: readonly (readonly [string, string])[]): [string, string][] {
  return rows.map(([name, value]) => [plain(name), plain(value)]);
}
