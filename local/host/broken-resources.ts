import type { BrokenResource, ResourceRecord } from "../protocol";

/** Resources that exist and did not start with the host. Each counts as missing until an `up` has repaired it. */
export class BrokenResources {
  private readonly reasons = new Map<string, BrokenResource>();

  add(record: ResourceRecord, reason: string): void {
    this.reasons.set(keyOf(record), { urn: record.urn, reason });
  }

  has(record: ResourceRecord): boolean {
    return this.reasons.has(keyOf(record));
  }

  remove(record: ResourceRecord): void {
    this.reasons.delete(keyOf(record));
  }

  list(): BrokenResource[] {
    return [...this.reasons.values()];
  }
}

const keyOf = ({ type, id }: ResourceRecord) => `${type} ${id}`;
