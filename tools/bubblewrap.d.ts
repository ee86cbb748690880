/** The folder that bwrap is in; undefined when there is none. */
export function bubblewrapFolder(testHome: string): string | undefined;
/** Says what is in the way; tests that need it then say that they were not run. */
export function installBubblewrap(testHome: string): void;
