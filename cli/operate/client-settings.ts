import { adminCredentials, hostStatus } from "../../local/host/client";

/** Whose AWS is asked. */
export interface AskedPlace {
  /** NAMI_HOME. */
  home: string;
  target: string;
  region: string;
  /** Of ~/.aws/config; absent: what the environment says. */
  profile?: string;
}

export interface ClientSettings {
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  profile?: string;
  maxAttempts: number;
}

/** The same SDK for both targets: the local host's endpoint with its administrator's key, or AWS's ordinary chain. */
export async function clientSettings({ home, target, region, profile }: AskedPlace): Promise<ClientSettings> {
  if (target !== "local") return { region, maxAttempts: 3, ...(profile && { profile }) };
  const { awsUrl } = await hostStatus(home);
  return { region, maxAttempts: 2, endpoint: awsUrl, credentials: adminCredentials(home) };
}
