import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { endAfter } from "../../../../../local/host/gateway/linger";

describe("an answer before the end of the request", () => {
  let server: Server;
  let port: number;
  before(async () => {
    server = createServer((request, response) => {
      request.on("error", () => {});
      response.writeHead(413, { connection: "close", "content-length": 3 });
      endAfter(request, response, Buffer.from("no\n"));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const start = (length: number) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`);
    return socket;
  };

  it("reaches a sender that reads only when it has sent everything", async () => {
    const socket = start(12_000_000);
    socket.pause();
    for (let i = 0; i < 12; i++) {
      if (!socket.write(Buffer.alloc(1_000_000))) await once(socket, "drain");
      await sleep(5);
    }
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    socket.resume();
    await once(socket, "close");
    assert.match(text, /^HTTP\/1\.1 413 [\s\S]*no\n$/);
  });

  it("reaches a sender at once that stops sending when it has read it", async () => {
    const socket = start(12_000_000);
    socket.write(Buffer.alloc(1000));
    const [part] = (await once(socket, "data")) as [Buffer];
    assert.match(part.toString(), /^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it("closes the connection when the request is complete", async () => {
    const socket = start(2);
    socket.write("xx");
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    await once(socket, "close");
    assert.match(text, /no\n$/);
  });
});
