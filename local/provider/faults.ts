import { CheckFailure, CheckResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { Fault, Rehearsal, Stop, Verb } from "../rehearsal";
import type { Handler } from "./rpc-server";

/** As much of a request as faults are told apart by. */
interface Asked {
  getUrn?(): string;
  getTok?(): string;
  getPreview?(): boolean;
}

/** The rpc behind each verb; credentials are judged when a provider's configuration is checked. */
const RPCS: Record<string, Verb> = {
  create: "create",
  update: "update",
  delete: "delete",
  read: "read",
  invoke: "invoke",
  checkConfig: "configure",
};

/** What a request is about: logical name and type, or a token. */
function names(asked: Asked): string[] {
  const urn = asked.getUrn?.();
  if (!urn) return [asked.getTok?.() ?? ""];
  const [, , types, ...name] = urn.split("::");
  return [name.join("::"), types!.slice(types!.lastIndexOf("$") + 1)];
}

/** Lets things go wrong as a rehearsal asks for it. */
class Faults {
  private readonly left: Map<Fault, number>;

  constructor(faults: readonly Fault[]) {
    this.left = new Map(faults.map((fault) => [fault, fault.times ?? 1]));
  }

  /** The text of the fault that is due, which is then one less. */
  take(verb: Verb, asked: Asked): string | undefined {
    const about = names(asked);
    for (const [fault, times] of this.left) {
      if (times === 0 || fault.verb !== verb || (fault.of !== undefined && !about.includes(fault.of)))
        continue;
      this.left.set(fault, times - 1);
      return fault.error;
    }
    return undefined;
  }
}

/** Ends the run at one of its creates, or holds it there for ever. */
async function stopRun({ how, create }: Stop, urn: string): Promise<void> {
  process.stderr.write(`rehearsal: ${how} at create ${create}, ${urn}\n`);
  if (how !== "hold") process.kill(process.pid, how);
  if (how !== "SIGINT") await new Promise(() => {});
}

function refusedConfig(reason: string): CheckResponse {
  const failure = new CheckFailure();
  failure.setReason(reason);
  const response = new CheckResponse();
  response.setFailuresList([failure]);
  return response;
}

/** The handlers of a provider, with what a rehearsal puts in their way. Previews are let alone but for lookups. */
export function rehearsed(
  handlers: Record<string, Handler>,
  { faults: asked, stop }: Rehearsal,
): Record<string, Handler> {
  if (asked.length === 0 && !stop) return handlers;
  const faults = new Faults(asked);
  let creates = 0;
  const wrap = (handler: Handler, verb: Verb): Handler => {
    return async (request: Asked) => {
      if (request.getPreview?.()) return handler(request);
      const isStop = verb === "create" && ++creates === stop?.create;
      if (isStop && stop.when === "before") await stopRun(stop, request.getUrn!());
      const error = faults.take(verb, request);
      if (error !== undefined && verb === "configure") return refusedConfig(error);
      if (error !== undefined) throw new Error(error);
      const answer = await handler(request);
      if (isStop && stop.when === "after") await stopRun(stop, request.getUrn!());
      return answer;
    };
  };
  const wrapped = Object.entries(RPCS).map(([rpc, verb]) => [rpc, wrap(handlers[rpc]!, verb)] as const);
  return { ...handlers, ...Object.fromEntries(wrapped) };
}
