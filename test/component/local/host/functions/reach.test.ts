import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import type { Reach, VpcReach } from "../../../../../local/host/functions/sandbox-reach";
import type { Functions } from "../../../../../local/host/services";
import { codeDir, functionSpec, MemoryLogs } from "../../../../support/functions";
import { functionsIn } from "../../../../support/local-functions";
import { scratchFolder } from "../../../../support/scratch";

const mongodb = JSON.stringify(require.resolve("mongodb"));

/** Milliseconds: for what is dropped, and for what comes through a sandbox that is just being started. */
const SHORT = 100;
const LONG = 5_000;

/** What a handler does that waits for itself no longer than the event's `patience`. */
const CODE = `
let opened = "dropped";
if (process.env.EARLY)
  require("node:net").connect(Number(process.env.EARLY), "127.0.0.1").on("connect", () => { opened = "connected"; }).on("error", (error) => { opened = error.code; });

let patience;
const settled = (start) => new Promise((resolve) => {
  const end = (word) => { clearTimeout(timer); resolve(word); };
  const timer = setTimeout(() => end("nothing"), patience);
  start((word) => end(word), (error) => end(error.code ?? error.cause?.code ?? error.name));
});
const socketWay = (connect) => ({ port, host }) => settled((ok, failed) => {
  const socket = connect(port, host);
  socket.on("connect", () => { socket.destroy(); ok("connected"); }).on("error", failed);
});
const ways = {
  net: socketWay((port, host) => require("node:net").connect(port, host)),
  tls: ({ port, host }) => settled((ok, failed) => {
    require("node:tls").connect({ port, host, rejectUnauthorized: false }).on("error", (error) => error.code === "ECONNRESET" || /SSL/.test(error.code) ? ok("connected") : failed(error));
  }),
  http: ({ port, host }) => settled((ok, failed) => require("node:http").get({ port, host }, () => ok("connected")).on("error", failed)),
  http2: ({ port, host }) => settled((ok, failed) => require("node:http2").connect("http://" + host + ":" + port).on("connect", () => ok("connected")).on("error", failed)),
  fetch: ({ port, host }) => settled((ok, failed) => fetch("http://" + (host.includes(":") ? "[" + host + "]" : host) + ":" + port).then(() => ok("connected"), failed)),
  mongodb: async ({ port, host }) => {
    const { MongoClient } = require(${mongodb});
    const client = new MongoClient("mongodb://" + host + ":" + port + "/?directConnection=true", { serverSelectionTimeoutMS: patience });
    // What answers no Mongo fails the first look at the server at once; the driver then tries until its patience ends.
    const looked = settled((ok, failed) => {
      client.on("serverHeartbeatFailed", ({ failure }) => (failure.cause?.code === "ECONNREFUSED" ? failed(failure.cause) : ok("connected")));
      client.connect().catch(() => {});
    });
    return looked.finally(() => client.close());
  },
  dgram: ({ port, host, connected }) => settled((ok, failed) => {
    const socket = require("node:dgram").createSocket(host.includes(":") ? "udp6" : "udp4");
    const sent = (error, bytes) => { socket.close(); error ? failed(error) : ok(bytes); };
    if (connected) socket.connect(port, host, () => socket.send("hello", sent));
    else socket.send("hello", port, host, sent);
  }),
};
const cases = {
  way: (event) => ways[event.way](event),
  /** All at once: { way: what it came to }. */
  every: async ({ ports, host }) => {
    for (const name of ["net", "tls", "http", "http2"]) require("node:" + name);
    require(${mongodb});
    const said = Object.entries(ports).map(async ([way, port]) => [way, await ways[way]({ port, host })]);
    return Object.fromEntries(await Promise.all(said));
  },
  /** What a child comes to at a port of somebody else's, and at one of its parent's. */
  heldChild: async ({ port }) => {
    const code = \`process.on("message", (port) => {
      const timer = setTimeout(() => process.send("nothing"), \${patience});
      const end = (word) => { clearTimeout(timer); process.send(word); };
      require("node:net").connect(port, "127.0.0.1").on("connect", () => end("connected")).on("error", ({ code }) => end(code));
    });\`;
    const child = require("node:child_process").spawn(process.execPath, ["-e", code], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const ask = (port) => new Promise((next) => { child.once("message", next); child.send(port); });
    const server = require("node:net").createServer((socket) => socket.end());
    await new Promise((next) => server.listen(0, "127.0.0.1", next));
    const said = { foreign: await ask(port), own: await ask(server.address().port) };
    child.kill();
    server.close();
    return said;
  },
  early: () => new Promise((next) => setTimeout(next, 50)).then(() => opened),
  own: async ({ host = "127.0.0.1" }) => {
    const server = require("node:http").createServer((request, response) => response.end("own"));
    await new Promise((next) => server.listen(0, host, next));
    const said = await ways.fetch({ port: server.address().port, host });
    server.close();
    return said;
  },
  ownUdp: async () => {
    const socket = require("node:dgram").createSocket("udp4");
    await new Promise((next) => socket.bind(0, "127.0.0.1", next));
    const heard = new Promise((next) => socket.once("message", (text) => next(String(text))));
    await ways.dgram({ port: socket.address().port, host: "127.0.0.1" });
    return heard.finally(() => socket.close());
  },
  child: async () => {
    const script = 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))';
    const child = require("node:child_process").spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const port = Number(await new Promise((next) => child.stdout.once("data", (text) => next(String(text)))));
    return ways.net({ port, host: "127.0.0.1" }).finally(() => child.kill());
  },
  names: () => require("node:dns").promises.lookup("localhost").then(({ address }) => address),
  unanswered: async ({ port }) => {
    const { setTimeout: real } = globalThis;
    globalThis.setTimeout = (fn) => real(fn, 1);
    return new Promise((next) => require("node:net").connect(port, "127.0.0.1").on("error", (error) => next(error.message)));
  },
};
exports.handler = async (event) => { patience = event.patience; return answer(event); };
const answer = async (event) => ({ pid: process.pid, said: await cases[event.case ?? "way"](event) });`;

const NOTHING: VpcReach = {
  endpointPorts: [],
  openPorts: [],
  egress: [],
  blocks: ["10.0.0.0/16"],
  routes: [[]],
  ipv6: false,
};
const WAYS = ["net", "tls", "http", "http2", "fetch", "mongodb"];

describe("a sandbox in a network", function () {
  this.timeout(30_000);
  let functions: Functions;
  let logs: MemoryLogs;
  let reach: Reach;
  let server: Server;
  let server6: Server;
  let udp: Socket;
  let heard: string[];

  const portOf = (listener: { address(): unknown }) => (listener.address() as AddressInfo).port;
  const listen = (host: string) =>
    new Promise<Server>((next) => {
      const made = createServer((socket) => {
        // Answers HTTP, so that every way is told apart from silence; to TLS and Mongo it is rubbish.
        socket
          .on("error", () => {})
          .on("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
      });
      made.listen(0, host, () => next(made));
    });

  before(async () => {
    [server, server6] = await Promise.all([listen("127.0.0.1"), listen("::1")]);
    udp = createSocket("udp4");
    await new Promise<void>((next) => udp.bind(0, "127.0.0.1", next));
    udp.on("message", (text) => heard.push(String(text)));
  });
  after(() => {
    server.close();
    server6.close();
    udp.close();
  });

  const start = (first: Reach, environment: Record<string, string> = {}) => {
    heard = [];
    reach = first;
    logs = new MemoryLogs();
    const dir = scratchFolder("nami-reach-");
    functions = functionsIn(dir, { logs, reachOf: () => reach });
    functions.put(functionSpec({ codeDir: codeDir(CODE), timeout: 10, environment }));
  };
  afterEach(() => functions?.close());
  const call = async (event: object): Promise<{ pid: number; said: unknown }> => {
    const { payload } = await functions.invoke("orders", JSON.stringify({ patience: LONG, ...event }));
    return JSON.parse(payload);
  };
  const says = async (event: object) => (await call(event)).said;
  /** In vain. */
  const waits = (event: object) => says({ ...event, patience: SHORT });
  const drops = () => logs.lines.map(({ text }) => text).filter((text) => text.startsWith("nami: dropped"));
  const portsOpen = (port: number) => ({ ...NOTHING, openPorts: [{ fromPort: port, toPort: port }] });

  describe(`by ${WAYS.join(", ")}`, () => {
    let servers: Server[];
    let ports: Record<string, number>;
    before(async () => {
      servers = await Promise.all(WAYS.map(() => listen("127.0.0.1")));
      ports = Object.fromEntries(WAYS.map((way, at) => [way, portOf(servers[at]!)]));
    });
    after(() => {
      for (const each of servers) each.close();
    });
    const all = (said: string) => Object.fromEntries(WAYS.map((way) => [way, said]));

    it("drops what AWS would: the handler's own patience ends it, and the log says why once", async () => {
      start({ instances: WAYS.map((way) => ({ port: ports[way]!, no: `not by ${way}` })), vpc: NOTHING });
      const event = { case: "every", ports, host: "127.0.0.1" };
      assert.deepEqual([await waits(event), await waits(event)], [all("nothing"), all("nothing")]);
      const lines = WAYS.map(
        (way) => `nami: dropped, as AWS would: TCP to 127.0.0.1:${ports[way]}; not by ${way}`,
      );
      assert.deepEqual(drops().sort(), lines.sort());
    });

    it("connects where AWS would", async () => {
      start({ instances: WAYS.map((way) => ({ port: ports[way]! })), vpc: NOTHING });
      assert.deepEqual(await says({ case: "every", ports, host: "127.0.0.1" }), all("connected"));
      assert.deepEqual(drops(), []);
    });
  });

  it("drops a connection to the internet, and the log names the option that opens it", async () => {
    start({ instances: [], vpc: NOTHING });
    assert.equal(await waits({ way: "net", port: 443, host: "93.184.216.34" }), "nothing");
    assert.deepEqual(drops(), [
      "nami: dropped, as AWS would: TCP to 93.184.216.34:443; the function stands in a VPC without a way out (--egress)",
    ]);
  });

  it("applies the same rules to IPv6", async () => {
    const port = portOf(server6);
    start({ instances: [], vpc: NOTHING });
    for (const way of ["net", "fetch"]) assert.equal(await waits({ way, port, host: "::1" }), "nothing");
    assert.match(drops()[0]!, new RegExp(`TCP to \\[::1\\]:${port}; no egress rule`));
    reach = { instances: [], vpc: portsOpen(port) };
    functions.reachChanged();
    for (const way of ["net", "fetch"]) assert.equal(await says({ way, port, host: "::1" }), "connected");
  });

  for (const connected of [false, true]) {
    it(`loses packets of UDP as a network does${connected ? ", over a connected socket" : ""}: sent, and never heard`, async () => {
      const event = { way: "dgram", port: portOf(udp), host: "127.0.0.1", connected };
      start({ instances: [], vpc: NOTHING });
      assert.equal(await says(event), 5);
      assert.match(drops()[0]!, /UDP to 127\.0\.0\.1/);
      const egress = [{ protocol: "udp", fromPort: 0, toPort: 65_535, cidr: "0.0.0.0/0" }];
      reach = { instances: [], vpc: { ...NOTHING, egress } };
      functions.reachChanged();
      const arrived = new Promise((next) => udp.once("message", next));
      assert.equal(await says(event), 5);
      await arrived;
      assert.deepEqual(heard, ["hello"]);
    });
  }

  it("lets a function reach servers of its own and of its child processes", async () => {
    start({ instances: [], vpc: NOTHING });
    assert.equal(await says({ case: "own" }), "connected");
    assert.equal(await says({ case: "own", host: "::1" }), "connected");
    assert.equal(await says({ case: "ownUdp" }), "hello");
    if (process.platform === "linux") assert.equal(await says({ case: "child" }), "connected");
    assert.deepEqual(drops(), []);
  });

  it("lets a function outside of VPCs reach everything but instances", async () => {
    const port = portOf(server);
    start({ instances: [{ port, no: "it is private" }] });
    assert.equal(await waits({ way: "net", port, host: "127.0.0.1" }), "nothing");
    assert.equal(await says({ way: "fetch", port: portOf(server6), host: "::1" }), "connected");
    assert.match(drops()[0]!, /it is private$/);
  });

  it("lets a function look names up", async () => {
    start({ instances: [], vpc: NOTHING });
    assert.match(String(await says({ case: "names" })), /^(127\.0\.0\.1|::1)$/);
  });

  it("applies its rules before the code of the function is loaded", async () => {
    const port = portOf(server);
    start({ instances: [{ port, no: "not now" }], vpc: NOTHING }, { EARLY: String(port) });
    assert.equal(await says({ case: "early" }), "dropped");
    assert.equal(drops().length, 1);
  });

  it("runs without checks, and says so, under a Node that does not show its sockets", async () => {
    const preload = join(codeDir("process.binding = undefined;"), "index.js");
    start({ instances: [], vpc: NOTHING }, { NODE_OPTIONS: `--require ${preload}` });
    assert.equal(await says({ way: "net", port: portOf(server), host: "127.0.0.1" }), "connected");
    assert.match(
      logs.lines[0]!.text,
      /^nami: Node v\S+ does not show its sockets; AWS may drop what is let through/,
    );
  });

  it("holds the Node processes that the function starts to its rules, and knows what the others of them listen on", async () => {
    const port = portOf(server);
    start({ instances: [{ port, no: "not now" }], vpc: NOTHING });
    assert.deepEqual(await says({ case: "heldChild", port }), { foreign: "nothing", own: "connected" });
    const told = logs.lines.filter(({ text }) => text.startsWith("nami:")).map(({ text }) => text);
    assert.deepEqual(told, [`nami: dropped, as AWS would: TCP to 127.0.0.1:${port}; not now`]);
  });

  it("lets a warm sandbox use a connection that was just allowed", async () => {
    const port = portOf(server);
    const event = { way: "net", port, host: "127.0.0.1" };
    start({ instances: [], vpc: NOTHING });
    const before = await call({ ...event, patience: SHORT });
    reach = { instances: [{ port }], vpc: NOTHING };
    functions.reachChanged();
    assert.deepEqual(await call(event), { pid: before.pid, said: "connected" });
  });

  it("replaces a warm sandbox when a connection is no longer allowed: an open one would outlive the rule", async () => {
    const port = portOf(server);
    const event = { way: "net", port, host: "127.0.0.1" };
    start({ instances: [{ port }], vpc: NOTHING });
    const before = await call(event);
    reach = { instances: [{ port, no: "not any more" }], vpc: NOTHING };
    functions.reachChanged();
    const after = await call({ ...event, patience: SHORT });
    assert.equal(after.said, "nothing");
    assert.notEqual(after.pid, before.pid);
  });

  it("gives a dropped connection up after the time that Linux takes", async () => {
    start({ instances: [], vpc: NOTHING });
    const port = portOf(server);
    assert.equal(await says({ case: "unanswered", port }), `connect ETIMEDOUT 127.0.0.1:${port}`);
  });
});
