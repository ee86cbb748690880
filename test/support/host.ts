import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlRequest } from "../../local/host/client";
import { createHost, type Host } from "../../local/host/host";
import type { Later } from "../../local/host/propagation";
import type { Clock } from "../../local/host/services";
import type { CodeInput, ResourceRecord } from "../../local/protocol";
import { zipArchive } from "../../local/provider/archive";
import { check } from "../../local/provider/check";
import { typeTable } from "../../local/provider/types";
import { ARCHIVE, SIGNATURE, type Values } from "../../local/provider/values";
import { NO_REHEARSAL, type Rehearsal } from "../../local/rehearsal";

export interface TestHost {
  home: string;
  host: Host;
  /** What it logged. */
  lines: string[];
  /** Stops it and starts another in the same NAMI_HOME. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** A host in this process, in a NAMI_HOME of its own. */
export async function testHost({
  clock,
  later,
  ...asked
}: Partial<Rehearsal> & { clock?: Clock; later?: Later } = {}): Promise<TestHost> {
  const home = mkdtempSync(join(tmpdir(), "nami-host-"));
  const lines: string[] = [];
  const rehearsal = { ...NO_REHEARSAL, ...asked };
  const log = (text: string) => lines.push(text);
  const start = (listen?: string) =>
    createHost({ home, listen, log, rehearsal, later, ...(clock ? { clock } : {}) });
  const made: TestHost = {
    home,
    lines,
    host: await start("127.0.0.1:0"),
    async restart() {
      await made.host.close();
      made.host = await start();
    },
    async remove() {
      await made.host.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return made;
}

export const urn = (name: string) => `urn:pulumi:demo::nami::x::${name}`;

const REGION = "us-east-1";

/** What the provider asks of the host, with the inputs as its tables complete them. Throws what they refuse. */
export function resources({ home }: { home: string }) {
  const complete = (type: string, name: string, news: Values, seed = 0): Values => {
    const request = { name, olds: {}, news, randomSeed: new Uint8Array([seed]), region: REGION };
    const { code, ...others } = news;
    const { inputs, failures } = check(
      typeTable(type),
      code ? { ...request, news: { ...others, code: AN_ARCHIVE } } : request,
    );
    if (failures.length > 0)
      throw new Error(failures.map((one) => `${one.property} ${one.reason}`).join("; "));
    return code ? { ...inputs, code } : inputs;
  };
  return {
    create: (type: string, name: string, news: Values, known: string[] = []) => {
      const body = { urn: urn(name), type, inputs: complete(type, name, news, known.length), known };
      return controlRequest<{ id: string; outputs: Values }>(home, "/resources/create", body);
    },
    update: (type: string, name: string, id: string, news: Values) => {
      const body = { urn: urn(name), type, id, inputs: complete(type, name, news) };
      return controlRequest<{ outputs: Values }>(home, "/resources/update", body);
    },
    read: (type: string, id: string) =>
      controlRequest<ResourceRecord>(home, "/resources/read", { urn: "", type, id }),
    remove: (type: string, name: string, id: string) =>
      controlRequest(home, "/resources/delete", { urn: urn(name), type, id }),
  };
}

/** What the engine would send in place of a zip. */
const AN_ARCHIVE = { [SIGNATURE]: ARCHIVE, assets: {} };

/** The zip of a function of one file. */
export function functionCode(code: string): CodeInput {
  return zipArchive({ assets: { "index.js": { text: code } } }, "/");
}
