import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { root } from "./nami";

/**
 * The host as a build has it, in a folder of its own under .nami: a program that runs through ts-node carries the
 * compiler with it. Answers the folder; the caller removes it.
 */
export function builtHost(): string {
  const out = join(root, ".nami", `test-build-${process.pid}`);
  for (const folder of ["local", "runtime"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const from = join(root, folder, name);
      if (statSync(from).isDirectory()) continue;
      const to = join(out, folder, name);
      mkdirSync(dirname(to), { recursive: true });
      if (!name.endsWith(".ts")) {
        copyFileSync(from, to);
        continue;
      }
      const compilerOptions = {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      };
      const { outputText } = ts.transpileModule(readFileSync(from, "utf8"), {
        compilerOptions: { ...compilerOptions, useDefineForClassFields: false },
      });
      writeFileSync(to.replace(/\.ts$/, ".js"), outputText);
    }
  }
  return out;
}
