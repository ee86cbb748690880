/** What the CLI and the provider know of the host. */
export { adminCredentials, controlRequest, findHost, hostStatus } from "./control-client";
export { type StartOptions, startHost, stopHost } from "./start";
