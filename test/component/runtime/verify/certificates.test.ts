import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Certificates } from "../../../../runtime/verify/certificates";
import { limitedFetch, NotThere } from "../../../../runtime/verify/fetch-text";
import { Undecided } from "../../../../runtime/verify/preset";

describe("a certificate at an address", () => {
  const statuses: number[] = [];
  let asked = 0;
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked++;
    paths.push(request.url);
    response.writeHead(statuses.shift() ?? 200, { location: "/elsewhere" }).end("a certificate");
  });
  let url: string;

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => server.close());

  const at = (now = 0) => {
    const certificates = new Certificates((text) => text.toUpperCase());
    const fetchText = limitedFetch(() => now);
    return (address: string) => certificates.at(address, { fetchText });
  };

  it("is fetched once and then kept", async () => {
    const read = at();
    asked = 0;
    assert.equal(await read(url), "A CERTIFICATE");
    assert.equal(await read(url), "A CERTIFICATE");
    assert.equal(asked, 1);
  });

  it("that does not exist is no reason for the sender to try again", async () => {
    for (const status of [404, 410]) {
      statuses.push(status);
      await assert.rejects(at()(url), (error) => error instanceof NotThere && !(error instanceof Undecided));
    }
  });

  it("that cannot be fetched now is fetched again at the next request", async () => {
    const read = at();
    for (const status of [302, 403, 429, 500, 503]) {
      statuses.push(status);
      await assert.rejects(read(url), Undecided);
    }
    assert.equal(await read(url), "A CERTIFICATE");
  });

  it("is not read from where its address redirects to", async () => {
    statuses.push(302);
    await assert.rejects(at()(`${url}moved`), Undecided);
    assert.deepEqual(paths.splice(0).at(-1), "/moved");
  });

  it("is not fetched more than ten times a minute, whoever asks", async () => {
    const read = at();
    for (let i = 0; i < 10; i++) await read(`${url}${i}`);
    await assert.rejects(read(`${url}10`), /more than 10 addresses/);
  });
});
