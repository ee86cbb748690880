import { readdirSync, readFileSync } from "node:fs";

/** Looks again and again at what every process of this machine was started with. Linux only. */
export interface ArgvSampler {
  /** Every command line that was seen, arguments parted by spaces. */
  stop(): string[];
  /** How often it has looked so far. */
  readonly looks: number;
}

function commandLines(): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
      // It has ended between the two looks.
      return [];
    }
  });
}

/** @param every milliseconds between two looks */
export function sampleArgv(every = 20): ArgvSampler {
  const seen = new Set<string>();
  let looks = 0;
  const look = () => {
    looks++;
    for (const line of commandLines()) seen.add(line);
  };
  look();
  const timer = setInterval(look, every);
  return {
    get looks() {
      return looks;
    },
    stop: () => {
      clearInterval(timer);
      look();
      return [...seen];
    },
  };
}
