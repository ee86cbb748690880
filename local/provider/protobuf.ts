import { createRequire } from "node:module";
import type * as anyModule from "google-protobuf/google/protobuf/any_pb";
import type * as emptyModule from "google-protobuf/google/protobuf/empty_pb";
import type * as structModule from "google-protobuf/google/protobuf/struct_pb";

/**
 * The library that Pulumi's own messages are made with: a message of another copy of it, or of another version,
 * cannot be put into one of theirs.
 */
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const { Struct } = fromPulumi("google-protobuf/google/protobuf/struct_pb.js") as typeof structModule;
export const { Any } = fromPulumi("google-protobuf/google/protobuf/any_pb.js") as typeof anyModule;
export const { Empty } = fromPulumi("google-protobuf/google/protobuf/empty_pb.js") as typeof emptyModule;
export type Struct = structModule.Struct;
