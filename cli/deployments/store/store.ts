import type { Io } from "../../io";
import { stateFolder } from "../state";
import { FileStore } from "./file-store";

/** One of the objects under a prefix. */
export interface Listed {
  key: string;
  modifiedAt: Date;
}

/** An object as it was read. */
export interface Kept {
  body: Buffer;
  /** What `replace` and `remove` compare; it stands for the content, so that the same bytes may have the same tag. */
  tag: string;
  modifiedAt: Date;
  /** Milliseconds since it was written, by the store's own clock: those of two machines may differ. */
  age(): number;
}

/**
 * The objects of a state, by keys relative to its root, with slashes. A bucket or a folder; other schemes are read
 * through the engine. Every method throws STATE_UNREACHABLE or AWS_CREDENTIALS_MISSING, with AWS's own reason.
 */
export interface Store {
  /** Everything under a prefix, which ends in a slash; sorted by key, empty when there is nothing. */
  list(prefix: string): Promise<Listed[]>;
  read(key: string): Promise<Kept | undefined>;
  write(key: string, body: string): Promise<void>;
  /** Writes what is not there yet; of several at once exactly one succeeds. Answers the tag, undefined when it was there. */
  create(key: string, body: string): Promise<string | undefined>;
  /** Writes over what still has this tag. Answers the new tag, undefined when it has another one or is gone. */
  replace(key: string, body: string, tag: string): Promise<string | undefined>;
  /** Removes what is there; with a tag, only what still has it. */
  remove(key: string, tag?: string): Promise<void>;
}

const stores = new Map<string, Promise<Store>>();

async function open(state: string, io: Io): Promise<Store> {
  const folder = stateFolder(state);
  if (folder) return new FileStore(folder, state);
  const { S3Store } = await import("./s3-store");
  return new S3Store(state, io.env);
}

/** Whether a state's objects can be read directly. */
export function hasStore(state: string): boolean {
  return /^(file|s3):\/\//.test(state);
}

/** The store of a state, one for the whole command: its credentials are looked up once. Undefined for other schemes. */
export async function storeOf(state: string, io: Io): Promise<Store | undefined> {
  if (!hasStore(state)) return undefined;
  const store = stores.get(state) ?? open(state, io);
  stores.set(state, store);
  return store;
}
