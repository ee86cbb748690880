/** The folder with the libraries' node_modules; undefined when these versions are not installed. */
export function officialLibraries(testHome: string): string | undefined;
/** Installs them unless they are there. Answers how many installations failed, and prints why. */
export function installOfficialLibraries(testHome: string): number;
