import { randomBytes } from "node:crypto";
import type { Container } from "./container";

/** What a stand-in of docker answers when it cannot do what it was told. */
export class DockerError extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

export function unknownTo(words: string[]): DockerError {
  return new DockerError(`docker: the local target does not know: docker ${words.join(" ")}`, 64);
}

/** Options that mean nothing to a process of this machine: its log and limits are its own. */
const IGNORED = ["--ulimit", "--log-driver", "--log-opt"];

type Take = (container: Container, value: string, refuse: () => DockerError) => void;

const OPTIONS: Record<string, Take> = {
  "--name": (container, value, refuse) => {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(value)) throw refuse();
    container.name = value;
  },
  // Any other would have to let a process rest that has ended; no machine here asks for one.
  "--restart": (_container, value, refuse) => {
    if (value !== "always") throw refuse();
  },
  "--label": (container, value) => put(container.labels, value),
  "--env": (container, value) => put(container.environment, value),
  "--publish": (container, value, refuse) => {
    const [, port, inside] = /^(?:[\d.]+:)?(\d+):(\d+)$/.exec(value) ?? [];
    if (!port || !inside) throw refuse();
    container.ports[inside] = Number(port);
  },
  "--mount": (container, value, refuse) => {
    // The source may contain commas.
    const [, source, target] = /^type=bind,source=(.*),target=([^,]+)(?:,readonly)?$/.exec(value) ?? [];
    if (!source || !target) throw refuse();
    container.mounts[target] = source;
  },
  "--memory": (container, value, refuse) => {
    const [, megabytes] = /^(\d+)m$/.exec(value) ?? [];
    if (!megabytes) throw refuse();
    container.memoryMb = Number(megabytes);
  },
  "--stop-timeout": (container, value, refuse) => {
    if (!/^\d+$/.test(value)) throw refuse();
    container.stopTimeout = Number(value);
  },
};

/** `docker run -d OPTION… IMAGE ARGUMENT…`. @throws DockerError for an option that is not known here */
export function parseRun(words: string[]): Container {
  const container: Container = {
    id: randomBytes(32).toString("hex"),
    name: "",
    image: "",
    labels: {},
    ports: {},
    mounts: {},
    environment: {},
    stopTimeout: 10,
    args: [],
  };
  const rest = [...words];
  if (rest.shift() !== "-d") throw unknownTo(["run", ...words]);
  while (rest[0]?.startsWith("-")) takeOption(container, rest);
  const [image, ...args] = rest;
  if (!container.name || !image) throw new DockerError("the container needs a name and an image", 125);
  return { ...container, image, args };
}

function takeOption(container: Container, rest: string[]): void {
  const word = rest.shift()!;
  const [, name = word, inline] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
  const take = OPTIONS[name];
  if (!take && !IGNORED.includes(name)) throw unknownTo(["run", name]);
  const value = inline ?? rest.shift() ?? "";
  take?.(container, value, () => unknownTo(["run", name, value]));
}

function put(into: Record<string, string>, assignment: string): void {
  const equals = assignment.indexOf("=");
  into[assignment.slice(0, equals)] = assignment.slice(equals + 1);
}
