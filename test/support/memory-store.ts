import type { Kept, Listed, Store } from "../../cli/deployments/store/store";

/** A store in memory, whose clock and faults a test decides. */
export class MemoryStore implements Store {
  readonly objects = new Map<string, { body: string; tag: string; at: number }>();
  /** Milliseconds. */
  time = 0;
  /** Thrown by every write while it is set. */
  fault?: Error;
  /** The next conditional write is done, but its answer does not come back: asked again, it is refused. */
  losesAnswer = false;
  private count = 0;

  async list(prefix: string): Promise<Listed[]> {
    return [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { at }]) => ({ key, modifiedAt: new Date(at) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async read(key: string): Promise<Kept | undefined> {
    const found = this.objects.get(key);
    if (!found) return undefined;
    const age = () => this.time - found.at;
    return { body: Buffer.from(found.body), tag: found.tag, modifiedAt: new Date(found.at), age };
  }

  async write(key: string, body: string): Promise<void> {
    this.put(key, body);
  }

  async create(key: string, body: string): Promise<string | undefined> {
    return this.objects.has(key) ? undefined : this.answer(this.put(key, body));
  }

  async replace(key: string, body: string, tag: string): Promise<string | undefined> {
    if (this.fault) throw this.fault;
    return this.objects.get(key)?.tag === tag ? this.answer(this.put(key, body)) : undefined;
  }

  async remove(key: string, tag?: string): Promise<void> {
    if (tag === undefined || this.objects.get(key)?.tag === tag) this.objects.delete(key);
  }

  private put(key: string, body: string): string {
    if (this.fault) throw this.fault;
    const tag = `t${this.count++}`;
    this.objects.set(key, { body, tag, at: this.time });
    return tag;
  }

  private answer(tag: string): string | undefined {
    if (!this.losesAnswer) return tag;
    this.losesAnswer = false;
    return undefined;
  }
}
