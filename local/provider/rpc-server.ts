import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CodedError } from "../../runtime/coded-error";
import { failureDetails, InitFailed } from "./init-failed";

/** Answers one rpc; its request and its reply are the protobuf messages of that rpc. */
// biome-ignore lint/suspicious/noExplicitAny: each rpc has its own request type; grpc-js pairs them by name
export type Handler = (request: any) => unknown | Promise<unknown>;

/** What a person reads of an error: the engine shows this text and nothing else. */
export function readable(error: unknown): string {
  if (error instanceof CodedError) return `${error.code}: ${error.message} (${error.hint})`;
  if (!(error instanceof Error)) return String(error);
  // A bug of ours shows where; what AWS would have refused explains itself.
  return error.name === "TypeError" || error.name === "ReferenceError" ? String(error.stack) : error.message;
}

/** grpc-js turns an exception into "Unknown error": every handler is wrapped, and what is not served says so. */
function served(handlers: Record<string, Handler>): UntypedServiceImplementation {
  const names = Object.keys(ResourceProviderService);
  return Object.fromEntries(
    names.map((name) => [
      name,
      async (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>) => {
        const handler = handlers[name];
        if (!handler) return done({ code: status.UNIMPLEMENTED, details: `${name} is not served` });
        try {
          done(null, await handler(call.request));
        } catch (error) {
          const metadata = error instanceof InitFailed ? failureDetails(error) : undefined;
          done({ code: status.UNKNOWN, details: readable(error), metadata });
        }
      },
    ]),
  );
}

/** Serves ResourceProvider on 127.0.0.1, on a port the system chooses. */
export async function serve(
  handlers: Record<string, Handler>,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService as never, served(handlers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.forceShutdown();
      resolve();
    });
  return { port, close };
}
