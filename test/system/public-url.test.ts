import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, request as httpsRequest } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from "node:net";
import { join } from "node:path";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, ok, rawOf, root, type StoredEvent, storedEvents, up } from "../support/nami";

const tls = (file: string) => readFileSync(join(root, "test", "support", "tls", file));

/** The headers that the README's nginx block sets: a changed recipe is a changed test. */
function recipe(): { headers: [string, string][]; upstream: string; maxBody: string } {
  const block = /```nginx\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "";
  const headers = [...block.matchAll(/proxy_set_header (\S+) (.+);/g)].map(
    ([, name, value]) => [name!, value!] as [string, string],
  );
  const upstream = /proxy_pass (\S+);/.exec(block)?.[1] ?? "";
  return { headers, upstream, maxBody: /client_max_body_size (\S+);/.exec(block)?.[1] ?? "" };
}

/** What nginx puts in for its variables. */
function filled(text: string, request: IncomingMessage): string {
  const remote = request.socket.remoteAddress ?? "";
  const before = request.headers["x-forwarded-for"];
  const variables: Record<string, string> = {
    $host: String(request.headers.host).replace(/:\d+$/, ""),
    $scheme: "https",
    $proxy_add_x_forwarded_for: before ? `${before}, ${remote}` : remote,
  };
  return text.replace(
    /\$\w+/g,
    (variable) => variables[variable] ?? assert.fail(`the test does not know ${variable}`),
  );
}

/** Terminates TLS and passes on, as the recipe has it. */
function passOn(gateway: string) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const headers: Record<string, string | string[] | undefined> = { ...request.headers };
    for (const [name, value] of recipe().headers) headers[name.toLowerCase()] = filled(value, request);
    const [host, port] = gateway.split(":");
    const onward = httpRequest(
      { host, port, method: request.method, path: request.url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.writeHead(502).end());
    request.pipe(onward);
  };
}

/** As `ssh -R` and tunnels do it: the bytes of the connection, nothing else. */
function forward(port: number): Server {
  return createTcpServer((near) => {
    const far = connect(port, "127.0.0.1");
    near.pipe(far).pipe(near);
    for (const socket of [near, far])
      socket.on("error", () => [near, far].forEach((each) => void each.destroy()));
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((next) => server.listen(0, "127.0.0.1", next));
  return (server.address() as AddressInfo).port;
}

function post(url: string, body: Buffer, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method: "POST", headers, ca: tls("cert.pem") }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
    });
    request.on("error", reject);
    request.end(body);
  });
}

describe("the README's way in from the Internet", function () {
  this.timeout(240_000);
  let home: DemoHome;
  let proxy: Server;
  let tunnel: Server;
  let publicUrl: string;

  before(async () => {
    home = await demoHome();
    proxy = createTlsServer({ key: tls("key.pem"), cert: tls("cert.pem") }, passOn(home.gateway));
    tunnel = forward(await listen(proxy));
    publicUrl = `https://localhost:${await listen(tunnel)}`;
    await ok(home.dir, ["gateway", "set", "--public-url", publicUrl]);
  });
  after(async () => {
    await home?.close();
    proxy?.close();
    tunnel?.close();
  });

  it("the recipe for nginx names the default address and has room for the largest body", () => {
    const { upstream, maxBody, headers } = recipe();
    assert.equal(upstream, "http://127.0.0.1:6264");
    assert.equal(maxBody, "10m");
    assert.ok(headers.length >= 3);
  });

  it("--public-url is the address that status, up and ls show, also after another `up`", async () => {
    assert.equal((await json<{ url: string }>(home.dir, ["status", "demo"])).url, `${publicUrl}/demo`);
    assert.equal(await up(home.dir, "demo"), `${publicUrl}/demo`);
    assert.deepEqual(
      (await json<{ url: string }[]>(home.dir, ["ls"])).map(({ url }) => url),
      [`${publicUrl}/demo`],
    );
  });

  it("the bytes and the headers that a signature covers come unaltered through tunnel and proxy", async () => {
    const bodies = [Buffer.from('{ "a" :1,\r\n"ü":"\u0000x"}'), randomBytes(600_000), Buffer.alloc(0)];
    const signature = "t=1700000000,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd";
    for (const [i, body] of bodies.entries()) {
      const headers = {
        "webhook-id": `p-${i}`,
        "Stripe-Signature": signature,
        "content-type": "application/json",
      };
      assert.equal(await post(`${publicUrl}/demo?x=1&x=2`, body, headers), 200);
    }
    const events = await eventually(
      () => storedEvents(home.dir, "demo"),
      (all) => all.length === bodies.length,
      60,
    );
    const byId = new Map(events.map((event) => [event._id, event]));
    for (const [i, body] of bodies.entries()) {
      const event: StoredEvent | undefined = byId.get(`demo:p-${i}`);
      assert.ok(event && rawOf(event).equals(body), `p-${i} came with other bytes`);
      assert.equal(event.request.headers["stripe-signature"], signature);
      assert.equal(event.request.headers["x-forwarded-proto"]?.split(/, */)[0], "https");
      assert.match(event.request.headers["x-forwarded-for"] ?? "", /127\.0\.0\.1/);
    }
  });
});
