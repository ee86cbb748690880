// A process that takes a lock and holds it until it is killed: run by the contract of locks with its request as JSON.

import { Lease } from "../../cli/deployments/lease";
import type { Store } from "../../cli/deployments/store/store";
import { takeLock } from "../../cli/lock";
import type { LockPlace } from "./lock-places";

/** Loads only what it uses: many of these processes start at once. */
async function storeAt(kind: "folder" | "s3", place: string): Promise<Store> {
  if (kind === "s3") return new (await import("../../cli/deployments/store/s3-store")).S3Store(place, {});
  const { FileStore } = await import("../../cli/deployments/store/file-store");
  return new FileStore(place, `file://${place}`);
}

async function take({ kind, place, name, command, times }: LockPlace): Promise<string> {
  if (kind === "home") {
    takeLock({ home: place, name, command, now: Date.now });
    return "held";
  }
  const store = await storeAt(kind, place);
  const taken = await Lease.take({ store, name, command, now: Date.now, times });
  return taken instanceof Lease ? "held" : "LOCKED";
}

take(JSON.parse(process.argv[2]!) as LockPlace).then(
  (said) => {
    console.log(said);
    setInterval(() => {}, 1000);
  },
  (error: { code?: string }) => console.log(error.code),
);
