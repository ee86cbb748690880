import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The compiler that ts-node hangs on the process when it runs the host from its sources. */
interface TsNode {
  compile(code: string, fileName: string): string;
}

const PARTS = [
  "sandbox",
  "sandbox-child",
  "sandbox-code",
  "sandbox-network",
  "sandbox-reach",
  "sandbox-sockets",
];

/**
 * The plain JavaScript file that a sandbox runs. In a build it lies beside this one; from TypeScript sources its
 * parts are compiled once into a folder below `dir`, because a sandbox that loads a compiler takes ten times as
 * long to start.
 */
export function sandboxFile(dir: string): string {
  if (__filename.endsWith(".js")) return join(__dirname, "sandbox.js");
  const tsNode = (process as unknown as Record<symbol, TsNode>)[Symbol.for("ts-node.register.instance")];
  if (!tsNode) throw new Error("Run the host from a build, or with ts-node.");
  const codes = PARTS.map((part) => {
    const source = join(__dirname, `${part}.ts`);
    return tsNode
      .compile(readFileSync(source, "utf8"), source)
      .replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  });
  const digest = createHash("sha256").update(codes.join("\0")).digest("hex").slice(0, 12);
  const folder = join(dir, digest);
  mkdirSync(folder, { recursive: true });
  for (const [at, part] of PARTS.entries()) writeWhole(join(folder, `${part}.js`), codes[at]!);
  return join(folder, "sandbox.js");
}

/** Renamed into place: two hosts may start at once. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
