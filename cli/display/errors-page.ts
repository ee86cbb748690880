import { infraErrors } from "../../infra/errors";
import { localErrors } from "../../local/errors";
import type { ErrorEntry } from "../../runtime/coded-error";
import { cliErrors } from "../errors";

/** Every catalogue, by what its errors are about. */
export const catalogues: Record<string, Record<string, ErrorEntry>> = {
  "Commands and engine": cliErrors,
  "Options and program": infraErrors,
  "This machine (local target)": localErrors,
};

const cell = (text: string) => text.replace(/\|/g, "\\|").replace(/\n */g, "<br>");

function section(title: string, catalogue: Record<string, ErrorEntry>): string[] {
  const codes = Object.keys(catalogue).sort();
  const rows = codes.map((code) => {
    const { exitCode, message, hint } = catalogue[code]!;
    return `| \`${code}\` | ${exitCode} | ${cell(message)} | ${cell(hint)} |`;
  });
  return [
    `## ${title}`,
    "",
    "| code | exit | what happened | what to do |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}

/** The text of docs/errors.md. */
export function errorsPage(): string {
  return [
    "# Errors",
    "",
    "<!-- Generated from cli/errors.ts, infra/errors.ts and local/errors.ts by `npm run docs`; do not edit. -->",
    "",
    "What a person is told has a code, a message and a hint. Codes never change their meaning; texts may.",
    "Exit codes: 0 done, 1 expected failure, 2 wrong usage, 70 a bug in Nami, 130 cancelled. `{…}` is filled in.",
    "",
    ...Object.entries(catalogues).flatMap(([title, catalogue]) => section(title, catalogue)),
  ].join("\n");
}
