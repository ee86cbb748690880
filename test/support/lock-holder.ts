// A process that takes a lock and holds it until it is killed: run by the contract of locks with its request as JSON.

import { Lease } from "../../cli/deployments/lease";
import { FileStore } from "../../cli/deployments/store/file-store";
import { S3Store } from "../../cli/deployments/store/s3-store";
import { takeLock } from "../../cli/lock";
import type { LockPlace } from "./lock-places";

async function take({ kind, place, name, command, times }: LockPlace): Promise<string> {
  if (kind === "home") {
    takeLock({ home: place, name, command, now: Date.now });
    return "held";
  }
  const store = kind === "s3" ? new S3Store(place, {}) : new FileStore(place, `file://${place}`);
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
