import type { ResourceRecord } from "../../protocol";
import type { Propagation } from "../propagation";

/**
 * Things that are gone, but whose network interfaces are still there: EC2 deletes no group and no subnet before those
 * have gone, too.
 */
export class Lingering {
  private readonly records = new Map<string, ResourceRecord>();

  constructor(
    private readonly propagation: Propagation,
    /** Told when interfaces have gone. */
    private readonly onChange: () => void,
  ) {}

  /** `what` is a name as propagation.ts has them, and `state` what it is in until the interfaces are gone. */
  async add(record: ResourceRecord, what: string, state: string): Promise<void> {
    this.records.set(what, record);
    await this.propagation.begin(what, state, () => {
      this.records.delete(what);
      this.onChange();
    });
  }

  all(type: string): ResourceRecord[] {
    return [...this.records.values()].filter((record) => record.type === type);
  }
}
