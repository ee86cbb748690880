import { isAbsolute, relative, resolve } from "node:path";
import type { Args, Command } from "../command";
import { checkName } from "../command-line/names";
import { colors, type Io, json, line } from "../io";
import { shellQuote } from "../operate/shell-quote";
import { type Created, createFolder } from "../scaffold/create";

/** As a person would type it from where they stand. */
function typed(path: string, { cwd }: Io): string {
  const short = relative(cwd, path);
  return shellQuote(short.startsWith("..") || isAbsolute(short) ? path : short);
}

/** The command that deploys what was made. */
function upCommand({ preQueue, postQueue }: Created, name: string, io: Io): string {
  return `nami up ${name} --pre-queue ${typed(preQueue, io)} --post-queue ${typed(postQueue, io)}`;
}

function report(made: Created, args: Args, io: Io): void {
  const { green } = colors(io);
  const files = [
    [made.preQueue, "your code before the queue: drop, respond"],
    [made.postQueue, "your code after it: change the event, deadLetter, db"],
    [made.types, "their types, for your editor"],
  ].map(([path, text]) => [typed(path!, io), text!] as const);
  const width = Math.max(...files.map(([path]) => path.length));
  for (const [path, text] of files) line(io, `${green("✓")} ${path.padEnd(width)}  ${text}`);
  line(io, "\n  They keep and store every event, as Nami does without them. Edit them, then:\n");
  line(io, `  ${upCommand(made, args.name, io)}`);
  line(io, `  nami dev ${args.name}`);
}

export const command: Command = {
  name: "create",
  usage: "create <name>",
  summary: "Make a folder for your own code before and after the queue",
  describe:
    "Makes <name>/pre-queue/index.ts and <name>/post-queue/index.ts, handlers that do what Nami does without them, and " +
    "nami.d.ts with their types: an editor checks them without anything installed. Nothing is deployed, and nothing that is " +
    "there is written over.",
  examples: ["nami create orders", "nami create orders --dir services"],
  flags: [
    {
      name: "dir",
      type: "string",
      placeholder: "DIR",
      describe: "Where to make the folder <name> (default: here)",
    },
  ],
  async run(args, io) {
    const { name } = args;
    checkName(name);
    const made = createFolder(resolve(io.cwd, String(args.dir ?? "."), name), name);
    if (args.json) json(io, { name, ...made, next: upCommand(made, name, io) });
    else report(made, args, io);
  },
};
