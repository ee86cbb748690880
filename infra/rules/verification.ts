import { parseAddresses } from "../../runtime/verify/addresses";
import type { Preset } from "../../runtime/verify/preset";
import { presetNamed } from "../../runtime/verify/presets";
import type { OptionName } from "../options";
import type { Rule } from "./rule";

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

const TOKENS = /\{(?!body\}|timestamp\}|url\}|method\}|path\}|header:[\w-]+\})/;

const templateIsKnown: Rule = {
  text: "`--verify-template` holds `{body}`, and of braces only `{timestamp}`, `{url}`, `{method}`, `{path}` and `{header:NAME}` besides; with `--verify-timestamp` also `{timestamp}`.",
  broken({ verifyTemplate, verifyTimestamp }) {
    const template = verifyTemplate ?? "{body}";
    const message = !template.includes("{body}")
      ? "must hold {body}: what is not signed anybody can change"
      : TOKENS.test(template)
        ? "knows {body}, {timestamp}, {url}, {method}, {path} and {header:NAME}"
        : undefined;
    if (message) return { option: "verifyTemplate", message };
    if (template.includes("{timestamp}") === (verifyTimestamp !== undefined)) return undefined;
    return verifyTimestamp === undefined
      ? {
          option: "verifyTemplate",
          message: "with {timestamp} needs --verify-timestamp, the header it is in",
        }
      : {
          option: "verifyTimestamp",
          message: "needs a --verify-template with {timestamp}: else it is not signed",
        };
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
  text: "`--verify-tolerance` needs a `--verify` that signs a time.",
  broken({ verify, verifyTolerance, verifyTimestamp }) {
    if (verifyTolerance === undefined || verify === undefined) return undefined;
    const signsTime = verify === "hmac" ? verifyTimestamp !== undefined : hasTime(presetNamed(verify));
    return signsTime
      ? undefined
      : { option: "verifyTolerance", message: `needs a time that is signed; with ${verify} none is` };
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

export const verificationRules: readonly Rule[] = [
  secretIsGiven,
  secretIsUsed,
  tokenIsUsed,
  headerIsNamed,
  genericIsTold,
  templateIsKnown,
  addressesAreRead,
  toleranceIsUsed,
  customIsWritten,
  typeHasABody,
];
