import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = join(__dirname, "..", "..");

interface Import {
  from: string;
  /** A path in the project without its extension, or the name of a package. */
  to: string;
}

function sources(dir: string): string[] {
  return readdirSync(join(root, dir), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(dir, file));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|\brequire\s*\(\s*|\bimport\s+)["']([^"']+)["']/g;
  return [...text.matchAll(pattern)].map(([, target]) => {
    const to = target!.startsWith(".") ? relative(root, resolve(root, dirname(file), target!)) : target!;
    return { from: file, to };
  });
}

const importsIn = (dir: string) => sources(dir).flatMap(importsOf);
const into = (imports: Import[], ...dirs: string[]) =>
  imports.filter(({ to }) => dirs.some((dir) => to.startsWith(`${dir}/`)));
const packages = (imports: Import[], pattern: RegExp) => imports.filter(({ to }) => pattern.test(to));

describe("the imports of the sources", () => {
  it("are found by the pattern of this test", () => {
    assert.ok(importsIn("cli").some(({ to }) => to === "runtime/coded-error"));
    assert.ok(into(importsIn("cli"), "local").length > 0);
  });

  it("show that runtime imports nothing above it, and no Pulumi", () => {
    assert.deepEqual(into(importsIn("runtime"), "cli", "infra", "local"), []);
    assert.deepEqual(packages(importsIn("runtime"), /^@pulumi\//), []);
  });

  it("show that infra imports runtime only", () => {
    assert.deepEqual(into(importsIn("infra"), "cli", "local"), []);
  });

  it("show that local imports no infra, no cli, and of runtime the error alone", () => {
    const imports = importsIn("local");
    assert.deepEqual(into(imports, "cli", "infra"), []);
    assert.deepEqual(
      into(imports, "runtime").filter(({ to }) => to !== "runtime/coded-error"),
      [],
    );
  });

  it("show that only cli/deployments/ imports the Automation API", () => {
    const users = ["cli", "infra", "local", "runtime"].flatMap(importsIn);
    const others = packages(users, /^@pulumi\/pulumi\/automation/).filter(
      ({ from }) => !from.startsWith("cli/deployments/"),
    );
    assert.deepEqual(others, []);
  });

  it("show that what `nami help` loads pulls in no Pulumi and no AWS SDK", () => {
    const seen = new Set<string>();
    const heavy: Import[] = [];
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const found of staticImportsOf(file)) {
        if (/^(@pulumi|@aws-sdk|@grpc|mongodb|esbuild)/.test(found.to)) heavy.push(found);
        else if (/^(cli|infra|local|runtime)\//.test(found.to)) visit(fileOf(found.to));
      }
    };
    visit("cli/main.ts");
    assert.ok(seen.size > 3);
    assert.deepEqual(heavy, []);
  });
});

/** A folder is its index. */
function fileOf(path: string): string {
  return existsSync(join(root, `${path}.ts`)) ? `${path}.ts` : join(path, "index.ts");
}

/** Without `import()` and `import type`: what loading the file loads. */
function staticImportsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return importsOf(file).filter(({ to }) => {
    const last = to
      .split("/")
      .at(-1)!
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`^(?:import(?! type)|export)[^;]*from\\s+["'][^"']*${last}["']`, "m").test(text);
  });
}

describe("the process", () => {
  it("is left to bin/nami by the CLI: its end, its arguments, its streams, its signals", () => {
    const touches = sources("cli").filter((file) => {
      const code = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      return /\bprocess\.(exit|argv|exitCode|stdout|stderr|stdin)\b|\bprocess\.on\(\s*["']SIG/.test(code);
    });
    assert.deepEqual(touches, []);
  });
});
