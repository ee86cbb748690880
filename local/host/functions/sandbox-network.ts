/**
 * Holds a function to where AWS would let it open connections, below net, tls, http, http2, fetch, dgram and every
 * driver: at the handles Node makes sockets of. This is fidelity, not a wall: whoever wants to get round it can (a child
 * process with an environment of its own, a worker thread, an addon). Names are looked up freely, for AWS's resolver is behind no security group.
 * A part of the sandbox: it imports nothing but Node. What only a connection needs is loaded when the first one is
 * opened: each file costs a cold start a third of a millisecond.
 */
import type * as dns from "node:dns";
import type * as os from "node:os";
import type * as reaching from "./sandbox-reach";
import type { Destination, Reach } from "./sandbox-reach";
import type * as sockets from "./sandbox-sockets";

type Protocol = Destination["protocol"];
type Method = (this: Handle, ...args: unknown[]) => number;
interface Handle {
  getsockname(out: { port?: number }): number;
}
type Prototype = Handle & Record<string, Method>;
interface ConnectRequest {
  oncomplete?: (...args: unknown[]) => void;
}

/** A connection whose packets nobody answers ends after this, as under Linux with its six repeats. Milliseconds. */
const UNANSWERED_MS = 127_000;
const DNS_PORT = 53;
/** Verdicts kept; a function that talks to more addresses has them worked out again. */
const KEPT = 1000;

/** node:net and node:dgram have no other door to their handles. */
function handleClass(binding: string, name: string): Prototype {
  const { binding: load } = process as unknown as {
    binding(name: string): Record<string, { prototype: Prototype }>;
  };
  return load.call(process, binding)[name]!.prototype;
}

export class NetworkGuard {
  /** Ports this process listens on. They stay its own when they are closed: then nobody answers, as on AWS. */
  private readonly own = { tcp: new Set<number>(), udp: new Set<number>() };
  private readonly verdicts = new Map<string, string | undefined>();
  private readonly told = new Set<string>();

  /** `tell` writes a line into the function's log. */
  constructor(
    private reach: Reach,
    private readonly tell: (line: string) => void,
  ) {
    try {
      this.guardTcp(handleClass("tcp_wrap", "TCP"));
      this.guardUdp(handleClass("udp_wrap", "UDP"));
    } catch {
      // A function that runs unchecked is more use than one that does not run.
      tell(`nami: Node ${process.version} does not show its sockets; AWS may drop what is let through here`);
    }
  }

  update(reach: Reach): void {
    this.reach = reach;
    this.verdicts.clear();
  }

  private guardTcp(tcp: Prototype): void {
    const refuses = (address: unknown, port: unknown) => this.refuses("tcp", address, port);
    wrap(
      tcp,
      ["connect", "connect6"],
      (real) =>
        function (request, address, port, ...more) {
          if (!refuses(address, port)) return real.call(this, request, address, port, ...more);
          unanswered(this, request as ConnectRequest);
          return 0;
        },
    );
    this.noteOwn(tcp, "tcp", ["listen"]);
  }

  private guardUdp(udp: Prototype): void {
    const refuses = (address: unknown, port: unknown) => this.refuses("udp", address, port);
    /** Connected to where nothing arrives. */
    const lost = new WeakSet<object>();
    wrap(
      udp,
      ["connect", "connect6"],
      (real) =>
        function (address, port, ...more) {
          if (refuses(address, port)) lost.add(this);
          else lost.delete(this);
          return real.call(this, address, port, ...more);
        },
    );
    wrap(
      udp,
      ["send", "send6"],
      (real) =>
        function (...args) {
          // (request, list, length, port, address, callback), or without port and address when it is connected.
          const [, list, , port, address] = args;
          const dropped = args.length > 4 ? refuses(address, port) : lost.has(this);
          return dropped ? sent(list as Uint8Array[]) : real.apply(this, args);
        },
    );
    this.noteOwn(udp, "udp", ["bind", "bind6"]);
  }

  private noteOwn(prototype: Prototype, protocol: Protocol, methods: string[]): void {
    const { own } = this;
    wrap(
      prototype,
      methods,
      (real) =>
        function (...args) {
          const error = real.apply(this, args);
          const bound: { port?: number } = {};
          if (!error && this.getsockname(bound) === 0 && bound.port) own[protocol].add(bound.port);
          return error;
        },
    );
  }

  private refuses(protocol: Protocol, address: unknown, port: unknown): boolean {
    const to: Destination = { protocol, address: String(address), port: Number(port) };
    const why = this.verdict(to);
    if (why === undefined || this.isOwn(to)) return false;
    this.tellOnce(to, why);
    return true;
  }

  /** On AWS, nothing else is at a loopback address. Another process of the function may begin to listen at any time. */
  private isOwn({ protocol, address, port }: Destination): boolean {
    const { isLoopback } = require("./sandbox-reach") as typeof reaching;
    if (!isLoopback(address)) return false;
    if (this.own[protocol].has(port)) return true;
    const { functionListens } = require("./sandbox-sockets") as typeof sockets;
    return functionListens(protocol, port);
  }

  private verdict(to: Destination): string | undefined {
    const name = nameOf(to);
    if (this.verdicts.has(name)) return this.verdicts.get(name);
    const { refusal } = require("./sandbox-reach") as typeof reaching;
    const why = to.port === DNS_PORT && isResolver(to.address) ? undefined : refusal(this.reach, to);
    if (this.verdicts.size >= KEPT) this.verdicts.clear();
    this.verdicts.set(name, why);
    return why;
  }

  private tellOnce(to: Destination, why: string): void {
    const name = nameOf(to);
    if (this.told.has(name) || this.told.size >= KEPT) return;
    this.told.add(name);
    this.tell(`nami: dropped, as AWS would: ${name}; ${why}`);
  }
}

function nameOf({ protocol, address, port }: Destination): string {
  return `${protocol.toUpperCase()} to ${address.includes(":") ? `[${address}]` : address}:${port}`;
}

function isResolver(address: string): boolean {
  const { getServers } = require("node:dns") as typeof dns;
  return getServers().some((server) => server === address || server.startsWith(`${address}:`));
}

function wrap(prototype: Prototype, methods: string[], wrapper: (real: Method) => Method): void {
  for (const method of methods) prototype[method] = wrapper(prototype[method]!);
}

function unanswered(handle: Handle, request: ConnectRequest): void {
  const { constants } = require("node:os") as typeof os;
  const give = () => request.oncomplete?.(-constants.errno.ETIMEDOUT, handle, request, true, true);
  setTimeout(give, UNANSWERED_MS).unref();
}

/** How a handle says that all of it was sent at once: bytes + 1. */
function sent(list: Uint8Array[]): number {
  return list.reduce((sum, part) => sum + part.byteLength, 0) + 1;
}
