import { range } from "./option-values";
import { type Option, options } from "./options";

const code = (text: string) => `\`${text}\``;
const UNITS = "Durations are written `90s`, `15m`, `12h`, `4d`, or as plain seconds.";

function row(option: Option): string {
  const cells = [
    code(`--${option.flag}`),
    code(option.env),
    code(option.configKey),
    option.default === undefined ? "" : code(String(option.default)),
    option.unit ?? "",
    range(option),
    option.scope === "place" ? `${option.text} Fixed by the first \`nami up\`.` : option.text,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The text of docs/options.md. */
export function optionsPage(): string {
  return [
    "# Options",
    "",
    "<!-- Generated from infra/options.ts by `npm run docs`; do not edit. -->",
    "",
    "An option is taken from its flag, else from its environment variable, else from what the name was deployed with,",
    `else it is the default. ${UNITS}`,
    "A secret is never given itself but by where it is: `@-` (standard input), `env:NAME` or `file:PATH`.",
    "",
    "| flag | environment | config key | default | unit | allowed | what it does |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...options.map(row),
    "",
    "Rules over several options: a `--batch-size` above 10 needs a `--batch-window` of at least 1s;",
    "`--dead-letter-retention` is not shorter than `--retention`; `--mongo-port` does not go with `--mongo-uri`.",
    "",
  ].join("\n");
}
