import { range } from "./option-values";
import { type Option, options } from "./options";
import { rules } from "./rules";

const code = (text: string) => `\`${text}\``;
const UNITS = "Durations are written `90s`, `15m`, `12h`, `4d`, or as plain seconds.";

function row(option: Option): string {
  const cells = [
    code(`--${option.flag}`),
    code(option.env),
    option.scope === "person" ? "" : code(option.configKey),
    option.default === undefined ? "" : code(String(option.default)),
    option.unit ?? "",
    range(option),
    option.scope === "place" ? `${option.text} Fixed by the first \`nami up\`.` : option.text,
  ];
  return `| ${cells.join(" | ")} |`;
}

function table(rows: readonly Option[]): string[] {
  return [
    "| flag | environment | config key | default | unit | allowed | what it does |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map(row),
    "",
  ];
}

/** The text of docs/options.md. */
export function optionsPage(): string {
  return [
    "# Options",
    "",
    "<!-- Generated from infra/option-table and infra/rules by `npm run docs`; do not edit. -->",
    "",
    "An option is taken from its flag, else from its environment variable, else from what the name was deployed with,",
    `else it is the default. ${UNITS}`,
    "A secret is never given itself but by where it is: `@-` (standard input), `env:NAME` or `file:PATH`.",
    "",
    "## Of a name: `nami up <name>`, `nami preview <name>`",
    "",
    ...table(options.filter(({ scope }) => scope !== "gateway")),
    "Rules over several of them; all that is wrong is said at once, before anything is begun:",
    "",
    ...rules.map(({ text }) => `- ${text}`),
    "",
    "## Of the gateway: `nami gateway set`",
    "",
    "They hold for all names of a target and region.",
    "",
    ...table(options.filter(({ scope }) => scope === "gateway")),
  ].join("\n");
}
