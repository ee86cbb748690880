import { Data } from "./data";
import { readSettings } from "./settings";
import { checkTarget } from "./target-check";

/** The program of the project `nami-data`: one stack per name, kept when the name's pipeline goes. */
export async function dataProgram(): Promise<Record<string, unknown>> {
  const settings = readSettings();
  await checkTarget(settings);
  const { volume, password } = new Data(`nami-${settings.name}`, settings);
  return {
    volumeId: volume.id,
    availabilityZone: volume.availabilityZone,
    passwordParameter: password.parameter,
    passwordParameterArn: password.parameterArn,
    password: password.value,
  };
}
