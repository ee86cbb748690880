import { createHash, randomUUID } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { lock } from "proper-lockfile";
import { cliError } from "../../errors";
import type { Kept, Listed, Store } from "./store";

const tagOf = (body: Buffer) => createHash("sha256").update(body).digest("hex");
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";
const GONE = /^(ENOENT|ENOTDIR)$/;

/** A writer that dies between its look and its write leaves the others waiting so long. Milliseconds. */
const STALE = 5_000;
const TURN = { stale: STALE, realpath: false, retries: { retries: 100, minTimeout: 20, maxTimeout: 100 } };

/** The objects of a file:// state: this NAMI_HOME's own, or a folder that several people have mounted. */
export class FileStore implements Store {
  constructor(
    private readonly folder: string,
    private readonly state: string,
  ) {}

  async list(prefix: string): Promise<Listed[]> {
    const dir = this.path(prefix);
    return this.told(() => {
      const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) =>
        each.isFile(),
      );
      const listed = files.flatMap(({ parentPath, name }) => this.listed(join(parentPath, name)));
      return listed.sort((a, b) => (a.key < b.key ? -1 : 1));
    }, []);
  }

  async read(key: string): Promise<Kept | undefined> {
    return this.told(() => {
      const body = readFileSync(this.path(key));
      const { mtime } = statSync(this.path(key));
      return { body, tag: tagOf(body), modifiedAt: mtime, age: () => this.now(key) - mtime.getTime() };
    }, undefined);
  }

  async write(key: string, body: string): Promise<void> {
    const draft = this.draft(key, body);
    this.told(() => renameSync(draft, this.path(key)), undefined);
  }

  async create(key: string, body: string): Promise<string | undefined> {
    const draft = this.draft(key, body);
    try {
      linkSync(draft, this.path(key));
      return tagOf(Buffer.from(body));
    } catch (error) {
      if (codeOf(error) === "EEXIST") return undefined;
      throw this.unreachable(error);
    } finally {
      rmSync(draft, { force: true });
    }
  }

  async replace(key: string, body: string, tag: string): Promise<string | undefined> {
    return this.ifStill(key, tag, async () => {
      await this.write(key, body);
      return tagOf(Buffer.from(body));
    });
  }

  async remove(key: string, tag?: string): Promise<void> {
    const away = async () => this.told(() => rmSync(this.path(key), { force: true }), undefined);
    await (tag === undefined ? away() : this.ifStill(key, tag, away));
  }

  /** Looks and acts in one turn: a folder has no conditional write of its own. */
  private async ifStill<T>(key: string, tag: string, act: () => Promise<T>): Promise<T | undefined> {
    const file = this.path(key);
    const done = await lock(file, { ...TURN, lockfilePath: `${file}.turn` }).catch((error: unknown) => {
      if (GONE.test(codeOf(error))) return undefined;
      throw this.unreachable(error);
    });
    try {
      return done && (await this.read(key))?.tag === tag ? await act() : undefined;
    } finally {
      await done?.();
    }
  }

  private listed(path: string): Listed[] {
    const stat = statSync(path, { throwIfNoEntry: false });
    const key = path
      .slice(this.folder.length)
      .replace(/^[/\\]+/, "")
      .replaceAll("\\", "/");
    return stat && !/\.(draft|turn)$/.test(key) ? [{ key, modifiedAt: stat.mtime }] : [];
  }

  /** A whole file beside its place: nobody ever reads a half-written object. */
  private draft(key: string, body: string): string {
    const path = `${this.path(key)}.${randomUUID()}.draft`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, body);
      return path;
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  /** Now, by the clock of the file system, which may be another machine's. */
  private now(key: string): number {
    const draft = this.draft(key, "");
    const { mtime } = statSync(draft);
    rmSync(draft, { force: true });
    return mtime.getTime();
  }

  private path(key: string): string {
    return join(this.folder, ...key.split("/"));
  }

  private told<T>(work: () => T, missing: T): T {
    try {
      return work();
    } catch (error) {
      if (GONE.test(codeOf(error))) return missing;
      throw this.unreachable(error);
    }
  }

  private unreachable(error: unknown): Error {
    const { message } = error as Error;
    return cliError(
      "STATE_UNREACHABLE",
      { state: this.state, reason: message, check: `ls -la ${this.folder}` },
      error,
    );
  }
}
