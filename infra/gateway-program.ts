import { Gateway } from "./gateway";
import { readSettings } from "./settings";
import { checkTarget } from "./target-check";

/** The program of the project `nami-gateway`: one stack per target and region. */
export async function gatewayProgram(): Promise<Record<string, unknown>> {
  const settings = readSettings();
  await checkTarget(settings);
  const { api } = new Gateway("nami-gateway", settings);
  return { apiId: api.id, apiEndpoint: api.apiEndpoint, executionArn: api.executionArn };
}
