import { Gateway } from "./gateway";
import { readSettings, settingsOf } from "./settings";
import { checkTarget } from "./target-check";
import { toldWhenMade } from "./told-when-made";
import { version } from "./version";

/** The program of the project `nami-gateway`: one stack per target and region. */
export const gatewayProgram = toldWhenMade(async () => {
  const settings = readSettings();
  const { accountId } = await checkTarget(settings);
  const { api, url, domainTarget, accessLogGroup } = new Gateway("nami-gateway", settings);
  return {
    accountId,
    madeBy: version,
    options: settingsOf("gateway", settings),
    apiId: api.id,
    apiEndpoint: api.apiEndpoint,
    url,
    domainTarget,
    executionArn: api.executionArn,
    accessLogGroup,
  };
});
