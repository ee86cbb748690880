import { NotThere } from "./fetch-text";
import { type Ask, Undecided } from "./preset";

/** Of one sandbox. A provider has a few certificates at a time, and another one every some months. */
const MOST_KEPT = 16;

/**
 * Certificates by their addresses. The first request pays for the fetch; what cannot be had is no answer to whether a
 * request is genuine.
 */
export class Certificates<T> {
  private readonly kept = new Map<string, T>();

  /** `read` throws for a text that is none: then nothing is kept. */
  constructor(private readonly read: (text: string) => T) {}

  /** Throws NotThere when there is none at the address, Undecided when it cannot be fetched now. */
  async at(url: string, { fetchText }: Pick<Ask, "fetchText">): Promise<T> {
    const known = this.kept.get(url);
    if (known !== undefined) return known;
    const text = await fetchText(url).catch((error: Error) => {
      if (error instanceof NotThere) throw new NotThere(`there is no such certificate: ${error.message}`);
      throw new Undecided(`the certificate cannot be fetched: ${error.message}`);
    });
    const certificate = this.read(text);
    if (this.kept.size >= MOST_KEPT) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(url, certificate);
    return certificate;
  }
}
