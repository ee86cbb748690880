import { CodedError } from "../../runtime/coded-error";
import { AwsError } from "../host/aws-error";
import { controlRequest } from "../host/control-client";
import { storedResources } from "../host/stored-resources";
import type { Created, Passing, ResourceRecord } from "../protocol";
import type { Host } from "./resources";
import type { Values } from "./values";

/** The host of NAMI_HOME over its control endpoint. Throws localError HOST_NOT_RUNNING, and AwsError as AWS refuses. */
export function hostResources(home: string): Host {
  return {
    create: (request) => controlRequest<Created>(home, "/resources/create", request),
    update: (request) => controlRequest<{ outputs: Values } & Passing>(home, "/resources/update", request),
    remove: (request) => controlRequest<Passing>(home, "/resources/delete", request),
    state: (request) => controlRequest<Passing>(home, "/resources/state", request),
    list: async (type) => {
      try {
        return await controlRequest<ResourceRecord[]>(home, "/resources/list", { type });
      } catch (error) {
        // A preview starts no host, but what the last one had is there for it.
        const notRunning = error instanceof CodedError && error.code === "HOST_NOT_RUNNING";
        const stored = notRunning ? await storedResources(home, type) : undefined;
        if (stored) return stored;
        throw error;
      }
    },
    read: async (request) => {
      try {
        return await controlRequest<ResourceRecord>(home, "/resources/read", request);
      } catch (error) {
        if (error instanceof AwsError && error.httpStatus === 404) return undefined;
        throw error;
      }
    },
  };
}
