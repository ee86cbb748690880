import { Gateway } from "./gateway";
import { readSettings } from "./settings";
import { checkTarget } from "./target-check";
import { version } from "./version";

/** The program of the project `nami-gateway`: one stack per target and region. */
export async function gatewayProgram(): Promise<Record<string, unknown>> {
  const settings = readSettings();
  const { accountId } = await checkTarget(settings);
  const { api, url, domainTarget, accessLogGroup } = new Gateway("nami-gateway", settings);
  return {
    accountId,
    madeBy: version,
    apiId: api.id,
    apiEndpoint: url,
    domainTarget,
    executionArn: api.executionArn,
    accessLogGroup,
  };
}
