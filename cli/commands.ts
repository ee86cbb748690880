import type { Command } from "./command";

/** What `nami help` must know of a verb without loading it. */
export interface Entry {
  name: string;
  aliases?: readonly string[];
  usage: string;
  summary: string;
  hidden?: boolean;
  load(): Promise<{ command: Command }>;
}

/** Every verb, in the order of `nami help`. */
export const commands: readonly Entry[] = [
  {
    name: "create",
    usage: "create <name>",
    summary: "Make a folder for your own code before and after the queue",
    load: () => import("./commands/create"),
  },
  {
    name: "up",
    aliases: ["deploy"],
    usage: "up <name>",
    summary: "Deploy the pipeline <name>, or bring it up to date",
    load: () => import("./commands/up"),
  },
  {
    name: "dev",
    usage: "dev <name>",
    summary: "Put every saved change of your own code live at once",
    load: () => import("./commands/dev"),
  },
  {
    name: "preview",
    usage: "preview <name>",
    summary: "Show what up would change, without changing it",
    load: () => import("./commands/preview"),
  },
  {
    name: "status",
    usage: "status <name>",
    summary: "URL, queue, dead letters, last event, Mongo",
    load: () => import("./commands/status"),
  },
  {
    name: "events",
    usage: "events <name> [id]",
    summary: "What came in, newest first; one event by its id",
    load: () => import("./commands/events"),
  },
  {
    name: "logs",
    usage: "logs <name>",
    summary: "What the functions have logged; --follow goes on",
    load: () => import("./commands/logs"),
  },
  {
    name: "rejected",
    usage: "rejected <name> [id]",
    summary: 'Requests that were refused, and why: the answer to "why 401?"',
    load: () => import("./commands/rejected"),
  },
  {
    name: "send",
    usage: "send <name>",
    summary: "Post a real example of a provider's event, rightly signed",
    load: () => import("./commands/send"),
  },
  {
    name: "verify",
    usage: "verify <action> [preset]",
    summary: "Whose webhooks can be verified, and how (list|show)",
    load: () => import("./commands/verify"),
  },
  {
    name: "secret",
    usage: "secret <action> <name> [from]",
    summary: "Secrets of a name: list, add, remove (rotation)",
    load: () => import("./commands/secret"),
  },
  {
    name: "ls",
    aliases: ["list"],
    usage: "ls",
    summary: "The pipelines that are deployed",
    load: () => import("./commands/ls"),
  },
  {
    name: "down",
    aliases: ["destroy"],
    usage: "down <name>",
    summary: "Drain and remove the pipeline; its stored events are kept",
    load: () => import("./commands/down"),
  },
  {
    name: "env",
    usage: "env <name>",
    summary: "The exports a bare `pulumi` needs for <name>",
    load: () => import("./commands/env"),
  },
  {
    name: "host",
    usage: "host <action>",
    summary: "Start, stop or show the local host (start|stop|status)",
    load: () => import("./commands/host"),
  },
  {
    name: "gateway",
    usage: "gateway <action>",
    summary: "Show or set the shared gateway (show|set)",
    load: () => import("./commands/gateway"),
  },
  {
    name: "state",
    usage: "state <action>",
    summary: "Show where state lies, or move it (show|move)",
    load: () => import("./commands/state"),
  },
  {
    name: "doctor",
    usage: "doctor",
    summary: "Check engine, Node, Mongo, ports, credentials; each with a fix",
    load: () => import("./commands/doctor"),
  },
  {
    name: "version",
    usage: "version",
    summary: "Versions of Nami, Node and the engine",
    load: () => import("./commands/version"),
  },
  {
    name: "help",
    usage: "help [verb]",
    summary: "This page, or the page of one command",
    load: () => import("./commands/help"),
  },
  {
    name: "docs",
    usage: "docs",
    summary: "Regenerate docs/options.md, docs/errors.md and docs/presets.md",
    hidden: true,
    load: () => import("./commands/docs"),
  },
];

/** The verb behind a word a person typed: its name or an alias. */
export function findEntry(word: string): Entry | undefined {
  return commands.find((entry) => entry.name === word || entry.aliases?.includes(word));
}
