import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Database, type Migration, openDatabase, SCHEMA } from "../../../../local/host/database";
import { withTypeScript } from "../../../support/register";

const TABLE = "CREATE TABLE IF NOT EXISTS things (name TEXT NOT NULL)";

/** Says a word when half of the change is done and written, and goes no further. */
const KILLED = `
const { openDatabase } = require("./local/host/database");
openDatabase(process.argv[1], [], [(sql) => {
  sql.exec("PRAGMA cache_size = 1");
  sql.exec("ALTER TABLE things ADD COLUMN size INTEGER");
  sql.exec("UPDATE things SET size = length(name)");
  require("node:fs").writeSync(1, "half");
  for (;;);
}]);`;

describe("the host's database", function () {
  this.timeout(20_000);
  let dir: string;
  let file: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-database-"));
    file = join(dir, "host", "host.db");
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const fill = (migrations?: Migration[]) => {
    const database = openDatabase(file, [TABLE], migrations);
    database.transaction(() => {
      for (let i = 0; i < 500; i++)
        database.sql.prepare("INSERT INTO things VALUES (?)").run(`thing ${i} ${"x".repeat(100)}`);
    });
    database.close();
  };

  it("is readable by its owner only, with its journal", () => {
    const database = openDatabase(file, [TABLE]);
    database.sql.exec("INSERT INTO things VALUES ('a')");
    for (const each of [file, `${file}-wal`, `${file}-shm`])
      assert.equal(statSync(each).mode & 0o777, 0o600, each);
    database.close();
  });

  it("syncs every commit, except those that may be undone by a power failure", () => {
    const database = openDatabase(file, [TABLE]);
    const synchronous = () => Object.values(database.sql.prepare("PRAGMA synchronous").get()!)[0];
    assert.equal(synchronous(), 2);
    database.relaxedTransaction(() => assert.equal(synchronous(), 1));
    assert.equal(synchronous(), 2);
    assert.throws(() => database.relaxedTransaction(() => assert.fail("inside")), /inside/);
    assert.equal(synchronous(), 2);
    database.close();
  });

  it("keeps its rows when it is opened again, and notes its schema", () => {
    fill();
    const database = openDatabase(file, [TABLE]);
    assert.equal(database.sql.prepare("SELECT count(*) AS n FROM things").get()?.n, 500);
    assert.equal(database.sql.prepare("PRAGMA user_version").get()?.user_version, SCHEMA);
    database.close();
  });

  describe("of an older version", () => {
    const migrations: Migration[] = [
      (sql) => sql.exec("ALTER TABLE things ADD COLUMN size INTEGER"),
      (sql) => sql.exec("UPDATE things SET size = length(name)"),
    ];
    const NOW = "CREATE TABLE IF NOT EXISTS things (name TEXT NOT NULL, size INTEGER)";
    const columns = (database: Database) =>
      database.sql
        .prepare("PRAGMA table_info(things)")
        .all()
        .map(({ name }) => name);
    const versionOf = (database: Database) => database.sql.prepare("PRAGMA user_version").get()?.user_version;

    it("gets the tables of this one, with its rows, each change once", () => {
      fill([]);
      for (let opened = 0; opened < 2; opened++) {
        const database = openDatabase(file, [NOW], migrations);
        assert.deepEqual(columns(database), ["name", "size"]);
        const { n } = database.sql.prepare("SELECT count(*) AS n FROM things WHERE size > 100").get()!;
        assert.deepEqual([n, versionOf(database)], [500, 3]);
        database.close();
      }
    });

    it("stays as it was when its host is killed in the middle of a change, and gets them at the next start", async () => {
      fill([]);
      const child = spawn(process.execPath, [...withTypeScript, "-e", KILLED, file], {
        cwd: join(__dirname, "../../../.."),
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      assert.ok(
        statSync(`${file}-wal`).size > 10_000,
        "nothing of the change is in a file: nothing is proved",
      );
      child.kill("SIGKILL");
      await once(child, "exit");
      const before = openDatabase(file, [TABLE], []);
      assert.deepEqual([columns(before), versionOf(before)], [["name"], 1]);
      assert.equal(before.sql.prepare("SELECT count(*) AS n FROM things").get()?.n, 500);
      before.close();
      const after = openDatabase(file, [NOW], migrations);
      assert.deepEqual([columns(after), versionOf(after)], [["name", "size"], 3]);
      assert.equal(after.sql.prepare("SELECT count(*) AS n FROM things").get()?.n, 500);
      after.close();
    });

    it("is made as it is now where there is none", () => {
      const database = openDatabase(file, [NOW], [() => assert.fail("nothing is to be changed")]);
      assert.deepEqual([columns(database), versionOf(database)], [["name", "size"], 2]);
      database.close();
    });
  });

  it("undoes all of a transaction that throws, also of one inside another", () => {
    const database = openDatabase(file, [TABLE]);
    const insert = (name: string) => database.sql.prepare("INSERT INTO things VALUES (?)").run(name);
    assert.throws(() =>
      database.transaction(() => {
        insert("a");
        database.transaction(() => insert("b"));
        throw new Error("no");
      }),
    );
    assert.equal(database.sql.prepare("SELECT count(*) AS n FROM things").get()?.n, 0);
    database.transaction(() => insert("c"));
    assert.equal(database.sql.prepare("SELECT count(*) AS n FROM things").get()?.n, 1);
    database.close();
  });

  for (const [title, damage] of [
    ["is no database", (bytes: Buffer) => bytes.fill("garbage ")],
    ["is damaged in the middle", (bytes: Buffer) => bytes.fill(0xff, 8192, 16384)],
    ["is cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 8192)],
  ] as const) {
    it(`refuses a file that ${title}, and leaves it as it is`, () => {
      fill();
      writeFileSync(file, damage(readFileSync(file)));
      const before = readFileSync(file);
      assert.throws(() => openDatabase(file, [TABLE]), { code: "HOST_DATABASE_CORRUPT" });
      assert.deepEqual(readFileSync(file), before);
    });
  }

  it("refuses a file with a newer schema", () => {
    fill();
    const newer = new DatabaseSync(file);
    newer.exec(`PRAGMA user_version = ${SCHEMA + 1}`);
    newer.close();
    assert.throws(() => openDatabase(file, [TABLE]), { code: "HOST_NEWER" });
  });

  it("says when the file cannot be opened", () => {
    assert.throws(() => openDatabase(dir, [TABLE]), { code: "HOST_DATABASE_UNAVAILABLE" });
  });
});
