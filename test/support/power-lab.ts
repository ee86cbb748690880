import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { freePort, sharedTools } from "./home";
import { processesWith } from "./processes";

const BYTES = 3 * 1024 ** 3;

/**
 * Ends a mounted ext4 at once, with all that it has not written: EXT4_IOC_SHUTDOWN with NOLOGFLUSH (linux/fs/ext4/ext4.h).
 * Node has no ioctl.
 */
const CUT = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))
`;

/** Throws NOT RUN where no file system can be mounted. `what` needs it. */
export function requireMounts(what: string): void {
  const notRun = (missing: string) => new Error(`NOT RUN: ${what} needs ${missing}`);
  if (process.getuid?.() !== 0) throw notRun("root");
  if (!existsSync("/dev/loop-control")) throw notRun("loop devices");
}

/** A NAMI_HOME on a disk of its own, whose power can be cut. Linux, as root. */
export class PowerLab {
  private constructor(private readonly dir: string) {}

  static async make({ bytes = BYTES } = {}): Promise<PowerLab> {
    const lab = new PowerLab(mkdtempSync(join(tmpdir(), "nami-power-")));
    writeFileSync(lab.image, "");
    truncateSync(lab.image, bytes);
    execFileSync("mkfs.ext4", ["-q", lab.image]);
    mkdirSync(lab.disk);
    lab.mount();
    mkdirSync(paths.host(lab.home), { recursive: true, mode: 0o700 });
    symlinkSync(sharedTools, paths.tools(lab.home));
    const listen = `127.0.0.1:${await freePort()}`;
    writeFileSync(paths.hostSettings(lab.home), JSON.stringify({ listen }), { mode: 0o600 });
    execFileSync("sync");
    return lab;
  }

  /** NAMI_HOME */
  get home(): string {
    return join(this.disk, "home");
  }

  /** The disk stops; whatever runs on it ends; it comes back with what was written. */
  async cutPower(): Promise<void> {
    execFileSync("python3", ["-c", CUT, this.disk]);
    await this.endAll();
    await this.unmount();
    this.mount();
  }

  /** Takes all the space there is. Answers what gives it back. */
  fill(): () => void {
    const file = join(this.disk, "filler");
    // Ends with an error when the disk is full.
    spawnSync("dd", ["if=/dev/zero", `of=${file}`, "bs=64k"]);
    return () => rmSync(file);
  }

  async close(): Promise<void> {
    await this.endAll();
    await this.unmount();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get image(): string {
    return join(this.dir, "image");
  }

  private get disk(): string {
    return join(this.dir, "disk");
  }

  private mount(): void {
    execFileSync("mount", ["-o", "loop", this.image, this.disk]);
  }

  /** A process that has ended may hold its files for a moment longer. */
  private async unmount(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (spawnSync("umount", [this.disk]).status === 0) return;
      await new Promise((next) => setTimeout(next, 100));
    }
    throw new Error(`${this.disk} is still in use`);
  }

  private async endAll(): Promise<void> {
    for (let rounds = 0; rounds < 100; rounds++) {
      const left = processesWith(this.disk);
      if (left.length === 0) return;
      for (const { pid } of left) {
        try {
          process.kill(pid, "SIGKILL");
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
        }
      }
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`${this.disk} is still in use`);
  }
}
