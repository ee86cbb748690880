import { setTimeout as sleep } from "node:timers/promises";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { unzipSync, type Zippable, zipSync } from "fflate";
import { type AskedPlace, clientSettings } from "./client-settings";
import { operatingError } from "./errors";

export interface LivePlace extends AskedPlace {
  /** The deployment, for errors. */
  name: string;
}

/** A fixed time: the same files make the same zip. */
const MTIME = new Date("1980-01-01T12:00:00Z");
/** Between two looks whether Lambda is done with an update. Milliseconds. */
const LOOK = 200;

/**
 * The code of a deployed function, of which the bundle is exchanged and all else stays: its zip is the one that `up` made,
 * with the settings that `up` gave it.
 */
export class LiveCode {
  private constructor(
    private readonly place: LivePlace,
    private readonly client: LambdaClient,
    private readonly functionName: string,
    private readonly files: Record<string, Uint8Array>,
    /** The bundle's name in the zip. */
    private readonly bundle: string,
  ) {}

  /** Takes the deployed zip apart. `file` is the bundle's own name, e.g. "pre-queue.js". Throws PARTS_MISSING and its like. */
  static async open(place: LivePlace, functionName: string, file: string): Promise<LiveCode> {
    const { GetFunctionCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
    const client = new LambdaClient(await clientSettings(place));
    try {
      const { Code } = await client.send(new GetFunctionCommand({ FunctionName: functionName }));
      const answer = await fetch(Code!.Location!);
      if (!answer.ok) throw new Error(`the code of ${functionName} could not be fetched: ${answer.status}`);
      const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
      const bundle = Object.keys(files).find(
        (name) => name.startsWith(".nami/") && name.endsWith(`/${file}`),
      );
      if (!bundle) throw new Error(`there is no ${file} in the code of ${functionName}`);
      return new LiveCode(place, client, functionName, files, bundle);
    } catch (error) {
      client.destroy();
      throw operatingError(error, place);
    }
  }

  /** Whether the function runs this very code. */
  runs(code: Buffer): boolean {
    return code.equals(this.files[this.bundle]!);
  }

  /** Has the function run other code; ends when every new invocation does. */
  async put(code: Buffer, signal: AbortSignal): Promise<void> {
    const { UpdateFunctionCodeCommand } = await import("@aws-sdk/client-lambda");
    const entries = Object.entries({ ...this.files, [this.bundle]: code });
    const zippable: Zippable = Object.fromEntries(entries.map(([name, bytes]) => [name, [bytes, {}]]));
    // Quick rather than small: somebody waits for it.
    const ZipFile = zipSync(zippable, { level: 1, mtime: MTIME });
    try {
      await this.client.send(new UpdateFunctionCodeCommand({ FunctionName: this.functionName, ZipFile }));
      this.files[this.bundle] = code;
      await this.whenDone(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw operatingError(error, this.place);
    }
  }

  close(): void {
    this.client.destroy();
  }

  /** AWS refuses a second update before it is done with the first. */
  private async whenDone(signal: AbortSignal): Promise<void> {
    const { GetFunctionConfigurationCommand } = await import("@aws-sdk/client-lambda");
    const request = { FunctionName: this.functionName };
    for (;;) {
      const { LastUpdateStatus, LastUpdateStatusReason } = await this.client.send(
        new GetFunctionConfigurationCommand(request),
      );
      if (LastUpdateStatus === "Failed") throw new Error(LastUpdateStatusReason);
      if (LastUpdateStatus !== "InProgress") return;
      await sleep(LOOK, undefined, { signal });
    }
  }
}
