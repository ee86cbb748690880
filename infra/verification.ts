import type { VerifySettings } from "../runtime/verify/preset";
import type { HandlerSettings } from "./handler-factory";
import { GENERIC } from "./rules/verification";
import type { Settings } from "./settings";

/** The settings in the functions' own words, which stand in their code. Options that were not given are left out. */
function present(values: Record<string, string | number | undefined>): Record<string, string | number> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Record<string, string | number>;
}

type Named = Pick<Settings, "verify"> & Partial<Settings>;

/** What another preset would look at is left out. */
export function verifySettings(settings: Named): VerifySettings {
  const told = GENERIC[settings.verify] ?? [];
  const ifTold = (option: (typeof told)[number]) =>
    told.includes(option) ? (settings as unknown as Record<string, string>)[option] : undefined;
  return present({
    scheme: settings.verify,
    url: settings.verifyUrl,
    tolerance: settings.verifyTolerance,
    id: settings.verifyId,
    ips: settings.verifyIps,
    echo: settings.verifyEcho,
    header: ifTold("verifyHeader"),
    prefix: ifTold("verifyPrefix"),
    encoding: ifTold("verifyEncoding"),
    algorithm: ifTold("verifyAlgorithm"),
    template: ifTold("verifyTemplate"),
    timestampHeader: ifTold("verifyTimestamp"),
  }) as unknown as VerifySettings;
}

function success({
  successStatus,
  successBody,
  successType,
}: Settings): Record<string, string | number> | undefined {
  const values = present({ status: successStatus, body: successBody, contentType: successType });
  return Object.keys(values).length > 0 ? values : undefined;
}

/** What the pre-queue function is told beside its name and limits. */
export function intakeSettings(settings: Settings): HandlerSettings {
  const answer = success(settings);
  return { verification: { ...verifySettings(settings) }, ...(answer && { success: answer }) };
}
