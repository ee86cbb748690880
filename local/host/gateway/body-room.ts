/**
 * Of all requests under way together, bytes. Each is held as bytes and as JSON, so memory grows by about three times
 * this; 150 senders of 10 MB each had brought the host to 1.1 GB.
 */
const ROOM = 64 * 1024 * 1024;

/** Counts the bytes of bodies that are held at the same time. Only what has arrived counts: a claim costs nothing. */
export class BodyRoom {
  private used = 0;

  constructor(private readonly bytes = ROOM) {}

  /** False when there is no room for so many more. */
  take(bytes: number): boolean {
    if (this.used + bytes > this.bytes) return false;
    this.used += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.used -= bytes;
  }
}
