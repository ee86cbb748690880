/** Installs moto once. Throws an Error with the last words of what failed. */
export function installMoto(testHome: string): void;
/** The Python that moto is installed for; undefined when it is not. */
export function motoPython(testHome: string): string | undefined;
