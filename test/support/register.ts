import { join } from "node:path";

/** Arguments of Node that let a process run TypeScript, wherever it is started. */
export const withTypeScript = ["--require", join(__dirname, "..", "..", "tools", "register.js")];
