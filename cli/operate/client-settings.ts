import { adminCredentials, hostStatus } from "../../local/host/client";

/** Whose AWS is asked. */
export interface AskedPlace {
  /** NAMI_HOME. */
  home: string;
  target: string;
  region: string;
}

export interface ClientSettings {
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
}

/** The same SDK for both targets: the local host's endpoint with its administrator's key, or AWS's ordinary chain. */
export async function clientSettings({ home, target, region }: AskedPlace): Promise<ClientSettings> {
  if (target !== "local") return { region, maxAttempts: 3 };
  const { awsUrl } = await hostStatus(home);
  return { region, maxAttempts: 2, endpoint: awsUrl, credentials: adminCredentials(home) };
}
