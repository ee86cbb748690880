import { LOCAL_REGION } from "../protocol";
import { NO_REHEARSAL, type Rehearsal } from "../rehearsal";
import { rehearsed } from "./faults";
import { handlers } from "./handlers";
import { hostResources } from "./host-resources";
import { PatientHost } from "./patient-host";
import { Resources } from "./resources";
import { serve } from "./rpc-server";

export interface ProviderOptions {
  /** NAMI_HOME, absolute. */
  home: string;
  /** Used until the engine configures one. */
  region?: string;
  /** Folder that relative asset paths start from; default: process.cwd() when an asset is read. */
  root?: string;
  rehearsal?: Rehearsal;
}

/**
 * Starts Nami's provider for one engine run: attach it with PULUMI_DEBUG_PROVIDERS=aws:PORT,awsx:PORT.
 * A preview needs no running host; a change without one fails with HOST_NOT_RUNNING.
 */
export function startProvider(options: ProviderOptions): Promise<{ port: number; close(): Promise<void> }> {
  const host = new PatientHost(hostResources(options.home));
  const resources = new Resources(host, () => options.root ?? process.cwd());
  const answers = handlers(resources, host, options.region ?? LOCAL_REGION);
  return serve(rehearsed(answers, options.rehearsal ?? NO_REHEARSAL));
}
