import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The compiler that ts-node hangs on the process when it runs the host from its sources. */
interface TsNode {
  compile(code: string, fileName: string): string;
}

/**
 * The plain JavaScript file that a sandbox runs. In a build it lies beside this one; from TypeScript sources it is
 * compiled once into `dir`, because a sandbox that loads a compiler takes ten times as long to start.
 */
export function sandboxFile(dir: string): string {
  if (__filename.endsWith(".js")) return join(__dirname, "sandbox.js");
  const source = join(__dirname, "sandbox.ts");
  const tsNode = (process as unknown as Record<symbol, TsNode>)[Symbol.for("ts-node.register.instance")];
  if (!tsNode) throw new Error("Run the host from a build, or with ts-node.");
  const code = tsNode
    .compile(readFileSync(source, "utf8"), source)
    .replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const file = join(dir, `sandbox-${createHash("sha256").update(code).digest("hex").slice(0, 12)}.js`);
  mkdirSync(dir, { recursive: true });
  // Renamed into place: two hosts may start at once.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, code, { mode: 0o600 });
  renameSync(draft, file);
  return file;
}
