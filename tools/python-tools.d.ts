/** The folder of the tool's programs, python3 among them; undefined when it is not installed. */
export function pythonTool(testHome: string, name: "shellcheck" | "moto"): string | undefined;
/** Installs what is not there yet. Answers how many could not be installed, and prints why. */
export function installPythonTools(testHome: string): number;
