import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { main } from "../../../../cli/main";
import { bundleHandler } from "../../../../infra/bundle";
import { capturedIo } from "../../../support/captured-io";

const root = join(__dirname, "..", "..", "..", "..");

/** What is in no test's folder is the same for every test: TypeScript's own libraries, and packages. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A compiler host that parses what lies outside of `folder` once. */
function sharedHost(folder: string, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile;
  host.getSourceFile = (file, how, ...more) => {
    if (file.startsWith(folder)) return parse(file, how, ...more);
    const target = typeof how === "object" ? JSON.stringify(how) : String(how);
    const key = `${file} ${target}`;
    if (!parsed.has(key)) parsed.set(key, parse(file, how, ...more));
    return parsed.get(key);
  };
  return host;
}

/** What the compiler has to say of files in `folder`, in words; those from elsewhere are read, not checked. */
function problems(folder: string, files: string[], options: ts.CompilerOptions): string[] {
  const all = { strict: true, noEmit: true, types: [], ...options };
  const program = ts.createProgram(files, all, sharedHost(folder, all));
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder));
  assert.ok(own.length >= files.length);
  return [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ].map(
    ({ messageText, file, start }) =>
      `${file?.fileName}:${start && file?.getLineAndCharacterOfPosition(start).line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}

/** Each type of the folder's nami.d.ts can stand for that of Nami's own, and the other way round. */
const SAME = (folder: string) => `
import type * as mine from "${folder}/nami";
import type * as own from "${root}/runtime/handlers";
import type { EventDocument } from "${root}/runtime/document";
type Same<A, B> = [A, B] extends [B, A] ? true : false;
export const same: true[] = [
  true satisfies Same<mine.PreQueueHandler, own.PreQueueHandler>,
  true satisfies Same<mine.PreQueueVerify, own.PreQueueVerify>,
  true satisfies Same<mine.PostQueueHandler, own.PostQueueHandler>,
  true satisfies Same<mine.PreQueueEvent, own.PreQueueEvent>,
  true satisfies Same<mine.PreQueueTools, own.PreQueueTools>,
  true satisfies Same<mine.PostQueueTools, own.PostQueueTools>,
  true satisfies Same<mine.EventDocument, EventDocument>,
  true satisfies Same<mine.CommonTools, own.CommonTools>,
  true satisfies Same<keyof mine.PreQueueEvent, keyof own.PreQueueEvent>,
  true satisfies Same<keyof mine.PreQueueTools, keyof own.PreQueueTools>,
  true satisfies Same<keyof mine.PostQueueTools, keyof own.PostQueueTools>,
  true satisfies Same<keyof mine.EventDocument, keyof EventDocument>,
];
export const stricter: false[] = [
  false satisfies Same<mine.PreQueueTools, own.PostQueueTools>,
  false satisfies Same<mine.Db, any> extends true ? (0 extends 1 & mine.Db ? true : false) : false,
];
`;

describe("nami create", function () {
  this.timeout(60_000);
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "nami-create-"));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const create = async (...words: string[]) => {
    const io = capturedIo({ cwd });
    return { code: await main(["create", ...words], io), said: io.said(), results: io.results() };
  };
  const handlers = ["pre-queue", "post-queue"].map((side) => join("orders", side, "index.ts"));

  it("makes three files and says what to run next", async () => {
    const { code, said } = await create("orders");
    assert.equal(code, 0, said);
    assert.deepEqual(readdirSync(join(cwd, "orders")).sort(), ["nami.d.ts", "post-queue", "pre-queue"]);
    for (const file of handlers) assert.ok(existsSync(join(cwd, file)));
    assert.match(
      said,
      /^ {2}nami up orders --pre-queue orders\/pre-queue\/index\.ts --post-queue orders\/post-queue\/index\.ts$/m,
    );
  });

  it("makes them in another folder, and tells it as JSON", async () => {
    const { code, results } = await create("orders", "--dir", "my services", "--json");
    assert.equal(code, 0);
    const folder = join(cwd, "my services", "orders");
    assert.deepEqual(JSON.parse(results), {
      name: "orders",
      folder,
      preQueue: join(folder, "pre-queue", "index.ts"),
      postQueue: join(folder, "post-queue", "index.ts"),
      types: join(folder, "nami.d.ts"),
      next: "nami up orders --pre-queue 'my services/orders/pre-queue/index.ts' --post-queue 'my services/orders/post-queue/index.ts'",
    });
  });

  it("makes handlers that compile under strict with nothing installed: neither Nami, mongodb nor Node's types", async () => {
    await create("orders");
    const files = handlers.map((file) => join(cwd, file));
    for (const target of [ts.ScriptTarget.ES5, ts.ScriptTarget.ES2022])
      assert.deepEqual(problems(cwd, files, { target }), []);
  });

  it("makes handlers whose commented examples compile, too", async () => {
    await create("orders");
    for (const file of handlers) {
      const text = readFileSync(join(cwd, file), "utf8");
      const shown = text
        .replace("= (event,", "= async (event,")
        .replaceAll(/^ {2}\/\/ {3}(.*)$/gm, "  $1")
        .replace("return { ...event", "if (event.attempts > 1) return { ...event");
      assert.notEqual(shown, text);
      writeFileSync(join(cwd, file), shown);
    }
    const files = handlers.map((file) => join(cwd, file));
    assert.deepEqual(problems(cwd, files, { target: ts.ScriptTarget.ES2022 }), []);
  });

  it("shows no check that a request without the secret would pass, or that takes longer the more of it is right", async () => {
    await create("orders");
    for (const file of handlers)
      assert.doesNotMatch(readFileSync(join(cwd, file), "utf8"), /[!=]==? *secrets\.|secrets\.\w+ *[!=]==?/);
  });

  it("makes types that equal those of runtime/handlers.ts", async () => {
    await create("orders");
    const file = join(cwd, "same.ts");
    writeFileSync(file, SAME(join(cwd, "orders")));
    const options = {
      target: ts.ScriptTarget.ES2022,
      types: ["node"],
      typeRoots: [join(root, "node_modules", "@types")],
      paths: { mongodb: [join(root, "node_modules", "mongodb")] },
      skipLibCheck: false,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      esModuleInterop: true,
    };
    assert.deepEqual(problems(cwd, [file], options), []);
  });

  it("makes handlers that can be bundled and loaded", async () => {
    await create("orders");
    for (const kind of ["pre-queue", "post-queue"] as const)
      await bundleHandler({ kind, name: "orders", userFile: join(cwd, "orders", kind, "index.ts"), cwd });
  });

  it("writes over nothing, and leaves nothing half-made", async () => {
    mkdirSync(join(cwd, "orders"));
    writeFileSync(join(cwd, "orders", "nami.d.ts"), "mine");
    const { code, said } = await create("orders");
    assert.equal(code, 1);
    assert.match(said, /error\[FILES_EXIST\]: .*orders\/nami\.d\.ts is there already/);
    assert.match(said, /try: nami create orders --dir/);
    assert.deepEqual(readdirSync(join(cwd, "orders")), ["nami.d.ts"]);
    assert.equal(readFileSync(join(cwd, "orders", "nami.d.ts"), "utf8"), "mine");
  });

  it("takes back what it made when something stands in the way", async () => {
    mkdirSync(join(cwd, "orders"));
    writeFileSync(join(cwd, "orders", "post-queue"), "a file where a folder is to be");
    const { code, said } = await create("orders");
    assert.equal(code, 1);
    assert.match(said, /error\[CANNOT_WRITE\]/);
    assert.deepEqual(readdirSync(join(cwd, "orders")), ["post-queue"]);
  });

  it("refuses a name that no deployment can have", async () => {
    for (const name of ["Orders", "../up", "gateway"]) {
      const { code, said } = await create(name);
      assert.equal(code, 2);
      assert.match(said, /error\[NAME_INVALID\]/);
    }
    assert.deepEqual(readdirSync(cwd), []);
  });
});
