import { Data } from "./data";
import { readSettings, settingsOf } from "./settings";
import { checkTarget } from "./target-check";
import { toldWhenMade } from "./told-when-made";
import { version } from "./version";

/** The program of the project `nami-data`: one stack per name, kept when the name's pipeline goes. */
export const dataProgram = toldWhenMade(async () => {
  const settings = readSettings();
  const { accountId } = await checkTarget(settings);
  const { volume, password } = new Data(`nami-${settings.name}`, settings);
  return {
    accountId,
    madeBy: version,
    volumeId: volume.id,
    options: settingsOf("data", settings),
    availabilityZone: volume.availabilityZone,
    passwordParameter: password.parameter,
    passwordParameterArn: password.parameterArn,
    password: password.value,
  };
});
