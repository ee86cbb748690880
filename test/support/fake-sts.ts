import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What an STS answers: an account, or an error under its code. */
export type StsAnswer = { account: string } | { status: number; code: string; message: string };

export interface FakeSts {
  url: string;
  /** Authorization headers it was asked with. */
  asked: string[];
  close(): Promise<void>;
}

function xml(answer: StsAnswer): string {
  if ("account" in answer) {
    const arn = `arn:aws:iam::${answer.account}:user/me`;
    return `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${answer.account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
  }
  const { code, message } = answer;
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;
}

/** An STS that answers what it is told, on a free port of this machine. */
export async function fakeSts(answer: () => StsAnswer): Promise<FakeSts> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.headers.authorization));
    request.resume().on("end", () => {
      const said = answer();
      response.writeHead("status" in said ? said.status : 200, { "content-type": "text/xml" });
      response.end(xml(said));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, asked, close };
}
