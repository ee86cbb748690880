import { CodedError } from "../../../runtime/coded-error";
import type { ResourceRecord } from "../../protocol";
import type { Host } from "../resources";

/**
 * What was made of a type in a region. Without a running host nothing is, as far as a lookup is concerned that may find
 * what every account has; `needed` says that it cannot.
 * @throws localError HOST_NOT_RUNNING when it is needed
 */
export async function madeOf(
  host: Host,
  type: string,
  region: string,
  needed: boolean,
): Promise<ResourceRecord[]> {
  try {
    return (await host.list(type)).filter(({ inputs }) => inputs.region === region);
  } catch (error) {
    if (!needed && error instanceof CodedError && error.code === "HOST_NOT_RUNNING") return [];
    throw error;
  }
}
