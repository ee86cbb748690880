import { parseAddresses } from "../../runtime/verify/addresses";
import type { Preset } from "../../runtime/verify/preset";
import { presetNamed } from "../../runtime/verify/presets";
import type { OptionName } from "../options";
import type { Rule } from "./rule";
import { partsAreApart, templateIsKnown } from "./signed-template";

/** What only presets that are told how to check look at. */
export const GENERIC: Partial<Record<string, readonly OptionName[]>> = {
  hmac: [
    "verifyHeader",
    "verifyPrefix",
    "verifyEncoding",
    "verifyAlgorithm",
    "verifyTemplate",
    "verifyTimestamp",
  ],
  "api-key": ["verifyHeader", "verifyPrefix"],
  okta: ["verifyHeader"],
};

const needsSecret = ({ secret, secretComesLater }: Preset) => secret !== undefined && !secretComesLater;

const secretIsGiven: Rule = {
  text: "`--verify` with a preset that has a secret needs `--secret`; `nami verify show <preset>` says what it is.",
  broken({ verify }, { secret }) {
    const preset = presetNamed(verify ?? "none");
    if (!preset || !needsSecret(preset) || secret !== undefined) return undefined;
    return {
      option: "verify",
      message: `${verify} needs --secret env:NAME, file:PATH or @-: ${preset.secret}`,
    };
  },
};

const secretIsUsed: Rule = {
  text: "`--secret` needs a `--verify` that has a secret.",
  broken: ({ verify }, { secret }) =>
    secret !== undefined && verify !== undefined && presetNamed(verify)?.secret === undefined
      ? { option: "secret", message: "needs --verify with the name of a provider: nami verify list" }
      : undefined,
};

/** Its handshake refuses whoever asks until there is one: no subscription would come about. */
const tokenIsGiven: Rule = {
  text: "`--verify` with a preset that has a verify token, meta and its kin, needs `--verify-token`.",
  broken({ verify }, { verifyToken }) {
    const token = presetNamed(verify ?? "none")?.token;
    if (token === undefined || verifyToken !== undefined) return undefined;
    return {
      option: "verify",
      message: `${verify} needs --verify-token env:NAME, file:PATH or @-: ${token}`,
    };
  },
};

const tokenIsUsed: Rule = {
  text: "`--verify-token` needs a `--verify` that has one: meta and its kin.",
  broken: ({ verify }, { verifyToken }) =>
    verifyToken !== undefined && verify !== undefined && presetNamed(verify)?.token === undefined
      ? { option: "verifyToken", message: `is nothing that --verify ${verify} has` }
      : undefined,
};

const headerIsNamed: Rule = {
  text: "`--verify hmac` needs `--verify-header`.",
  broken: ({ verify, verifyHeader }) =>
    verify === "hmac" && verifyHeader === undefined
      ? { option: "verify", message: "hmac needs --verify-header, the header that the signature is in" }
      : undefined,
};

const genericIsTold: Rule = {
  text: "`--verify-header`, `-prefix`, `-encoding`, `-algorithm`, `-template` and `-timestamp` go with `--verify hmac`, the first two with `--verify api-key`, the first with `--verify okta`, too.",
  broken({ verify }, written) {
    const told = GENERIC[verify ?? "none"] ?? [];
    const odd = GENERIC.hmac!.find((option) => written[option] !== undefined && !told.includes(option));
    if (odd === undefined || verify === undefined) return undefined;
    return { option: odd, message: `goes with --verify hmac; ${verify} knows how its provider signs` };
  },
};

/** Whether the URL is part of what is signed, so that `--verify-url` says something. */
export function signsUrl(verify: string, template: string | undefined): boolean {
  const preset = presetNamed(verify);
  const signed = verify === "hmac" ? template : preset?.hmac?.signed;
  return preset?.signsUrl === true || signed?.includes("{url}") === true;
}

const urlIsUsed: Rule = {
  text: "`--verify-url` needs a `--verify` that signs the URL: twilio, square, hubspot, or hmac with `{url}` in its template.",
  broken({ verify, verifyTemplate, verifyUrl }) {
    if (verifyUrl === undefined || verify === undefined || signsUrl(verify, verifyTemplate)) return undefined;
    const message =
      verify === "hmac"
        ? "needs a --verify-template with {url}: else it is not signed"
        : `is nothing that --verify ${verify} signs`;
    return { option: "verifyUrl", message };
  },
};

const addressesAreRead: Rule = {
  text: "`--verify-ips` is a list of addresses and networks; `--verify ip` needs it.",
  broken({ verify, verifyIps }) {
    if (verifyIps !== undefined && !parseAddresses(verifyIps))
      return { option: "verifyIps", message: "must be like 192.0.2.0/24,2001:db8::1" };
    if (verify !== "ip" || verifyIps !== undefined) return undefined;
    return { option: "verify", message: "ip needs --verify-ips" };
  },
};

const hasTime = (preset: Preset | undefined) =>
  preset !== undefined && (preset.tolerance !== undefined || preset.signsTime === true);

const toleranceIsUsed: Rule = {
  text: "`--verify-tolerance` needs a `--verify` that signs a time of its own.",
  broken({ verify, verifyTolerance, verifyTimestamp }) {
    if (verifyTolerance === undefined || verify === undefined) return undefined;
    const signsTime = verify === "hmac" ? verifyTimestamp !== undefined : hasTime(presetNamed(verify));
    return signsTime
      ? undefined
      : {
          option: "verifyTolerance",
          message: `needs a time that is signed and looked at; with ${verify} none is`,
        };
  },
};

const customIsWritten: Rule = {
  text: "`--verify custom` needs `--pre-queue` with a file that exports `verify`.",
  broken: ({ verify, preQueue }) =>
    verify === "custom" && preQueue === undefined
      ? { option: "verify", message: "custom needs --pre-queue with a file that exports verify" }
      : undefined,
};

const typeHasABody: Rule = {
  text: "`--success-type` needs `--success-body`.",
  broken: ({ successType, successBody }) =>
    successType !== undefined && successBody === undefined
      ? { option: "successType", message: "needs --success-body" }
      : undefined,
};

/** RFC 9110, 15.3.5 and 15.3.6. */
const NO_CONTENT: readonly (number | undefined)[] = [204, 205];

const bodyHasAStatus: Rule = {
  text: "`--success-body` does not go with `--success-status` 204 and 205, which have none.",
  broken: ({ successStatus, successBody }) =>
    successBody !== undefined && NO_CONTENT.includes(successStatus)
      ? {
          option: "successBody",
          message: `is not sent with --success-status ${successStatus}: leave one out`,
        }
      : undefined,
};

export const verificationRules: readonly Rule[] = [
  secretIsGiven,
  secretIsUsed,
  tokenIsGiven,
  tokenIsUsed,
  headerIsNamed,
  genericIsTold,
  templateIsKnown,
  partsAreApart,
  urlIsUsed,
  addressesAreRead,
  toleranceIsUsed,
  customIsWritten,
  typeHasABody,
  bodyHasAStatus,
];
