import { REGIONS } from "../regions";
import type { Rule } from "./rule";
import { verificationRules } from "./verification";

export type { OptionError, Rule } from "./rule";

/** AWS refuses such an event source mapping. */
const largeBatchesNeedAWindow: Rule = {
  text: "A `--batch-size` above 10 needs a `--batch-window` of at least 1s.",
  broken: ({ batchSize, batchWindow }) =>
    batchSize! > 10 && batchWindow! < 1
      ? { option: "batchWindow", message: "must be at least 1s when --batch-size is above 10" }
      : undefined,
};

/** AWS advises it, so that a batch that waits for a free function is not handed out twice meanwhile. */
const hiddenLongEnough: Rule = {
  text: "`--visibility-timeout` is at least six times `--post-queue-timeout`, plus `--batch-window`.",
  broken({ visibilityTimeout, postQueueTimeout, batchWindow }) {
    const least = 6 * postQueueTimeout! + batchWindow!;
    if (!(visibilityTimeout! < least)) return undefined;
    const message = `must be at least ${least}s: six times --post-queue-timeout, plus --batch-window`;
    return { option: "visibilityTimeout", message };
  },
};

/** SQS counts from when the event first came in, also in the dead-letter queue: a shorter one loses events unseen. */
const deadLettersStayLonger: Rule = {
  text: "`--dead-letter-retention` is not shorter than `--retention`.",
  broken: ({ retention, deadLetterRetention }) =>
    deadLetterRetention! < retention!
      ? { option: "deadLetterRetention", message: "must not be shorter than --retention" }
      : undefined,
};

/** What makes no sense of a MongoDB of one's own. */
export const OF_OUR_MONGO = [
  "mongoPort",
  "mongoVersion",
  "instanceType",
  "zone",
  "volumeSize",
  "snapshots",
] as const;

const isOfOurMongo = (option: (typeof OF_OUR_MONGO)[number], flag: string): Rule => ({
  text: `\`--${flag}\` does not go with \`--mongo-uri\`.`,
  broken: (_, written) =>
    written.mongoUri !== undefined && written[option] !== undefined
      ? { option, message: "is of the MongoDB that Nami runs: leave it out, or --mongo-uri" }
      : undefined,
});

const ownMongoIsReachable: Rule = {
  text: "With `--mongo-uri`, `--vpc` is one of yours or left out: then the functions stand in no VPC and reach what is public.",
  broken: ({ vpc }, { mongoUri }) =>
    mongoUri !== undefined && vpc === "new"
      ? { option: "vpc", message: "must be the VPC of the MongoDB that --mongo-uri names, not a new one" }
      : undefined,
};

/** The default VPC is everybody's: Nami makes neither a NAT gateway nor IPv6 addresses in it. */
const egressNeedsItsOwnVpc: Rule = {
  text: "`--egress ipv6` and `--egress nat` need `--vpc new` or a VPC of yours.",
  broken: ({ egress, vpc }) =>
    egress !== undefined && egress !== "none" && vpc === "default"
      ? { option: "egress", message: "needs --vpc new, or a VPC of yours that has it" }
      : undefined,
};

const zoneIsOfTheRegion: Rule = {
  text: "`--zone` is one of the region.",
  broken: ({ zone, region }) =>
    zone !== undefined && region !== undefined && zone.slice(0, -1) !== region
      ? { option: "zone", message: `must be a zone of ${region}, such as ${region}a` }
      : undefined,
};

const mailNeedsAlarms: Rule = {
  text: "`--alarm-email` needs `--alarms on`.",
  broken: ({ alarmEmail, alarms }) =>
    alarmEmail !== undefined && alarms === "off"
      ? { option: "alarmEmail", message: "needs --alarms on" }
      : undefined,
};

const regionIsOneOfAws: Rule = {
  text: "With `--target aws`, `--region` is one that has Lambda's nodejs24.x on arm64 and HTTP APIs.",
  broken: ({ target, region }) =>
    target === "aws" && region !== undefined && !REGIONS.includes(region)
      ? { option: "region", message: `is not one that has all Nami needs: ${REGIONS.join(", ")}` }
      : undefined,
};

const domainHasACertificate: Rule = {
  text: "`--domain` and `--certificate-arn` go together, and the certificate is of the gateway's region.",
  broken({ domain, certificateArn, region }) {
    if ((domain === undefined) !== (certificateArn === undefined))
      return domain === undefined
        ? { option: "certificateArn", message: "needs --domain" }
        : { option: "domain", message: "needs --certificate-arn" };
    const where = certificateArn?.split(":")[3];
    if (where === undefined || region === undefined || where === region) return undefined;
    return { option: "certificateArn", message: `must be a certificate of ${region}, not of ${where}` };
  },
};

const burstNeedsARate: Rule = {
  text: "`--throttle-burst` needs `--throttle-rate`.",
  broken: ({ throttleBurst, throttleRate }) =>
    throttleBurst !== undefined && throttleRate === undefined
      ? { option: "throttleBurst", message: "needs --throttle-rate" }
      : undefined,
};

const oneThrottleForAName: Rule = {
  text: "`--throttles` names each name once.",
  broken({ throttles }) {
    const names = (throttles ?? "").split(",").map((entry) => entry.split("=")[0]!);
    const twice = names.find((name, i) => name && names.indexOf(name) !== i);
    return twice === undefined ? undefined : { option: "throttles", message: `names ${twice} twice` };
  },
};

/**
 * The volume is found by its NVMe name, which only Nitro machines have; the first Graviton lacks what MongoDB 5 and
 * later need of a processor.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html
 */
const BEFORE_NITRO =
  /^(t1|t2|m1|m2|m3|m4|c1|c3|c4|cc2|cr1|r3|r4|i2|i3|hs1|d2|h1|x1|x1e|p2|p3|g2|g3|g3s|f1|a1)\./;

const instanceIsOfNitro: Rule = {
  text: "`--instance-type` is one of the Nitro generations: t3 or t4g and later, not t2.",
  broken: ({ instanceType }) =>
    BEFORE_NITRO.test(instanceType ?? "")
      ? { option: "instanceType", message: "must be of a Nitro generation, such as t4g, t3, m7g or m6i" }
      : undefined,
};

export const rules: readonly Rule[] = [
  regionIsOneOfAws,
  largeBatchesNeedAWindow,
  hiddenLongEnough,
  deadLettersStayLonger,
  isOfOurMongo("mongoPort", "mongo-port"),
  isOfOurMongo("mongoVersion", "mongo-version"),
  isOfOurMongo("instanceType", "instance-type"),
  isOfOurMongo("zone", "zone"),
  isOfOurMongo("volumeSize", "volume-size"),
  isOfOurMongo("snapshots", "snapshots"),
  instanceIsOfNitro,
  ownMongoIsReachable,
  egressNeedsItsOwnVpc,
  zoneIsOfTheRegion,
  mailNeedsAlarms,
  domainHasACertificate,
  burstNeedsARate,
  oneThrottleForAName,
  ...verificationRules,
];
