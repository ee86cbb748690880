import { cliError } from "../../errors";

/** What an s3:// URL says, for the SDK's client. */
export interface S3Place {
  bucket: string;
  /** "" or with a slash at its end. */
  prefix: string;
  client: {
    region?: string;
    endpoint?: string;
    profile?: string;
    forcePathStyle?: boolean;
    useDualstackEndpoint?: boolean;
    useFipsEndpoint?: boolean;
  };
}

const yes = (text: string | null) => (text === null ? undefined : /^(1|t|true)$/i.test(text));

/** These say how objects are written or how the engine calls, not where they lie. */
const OF_NO_MATTER = [
  ...["awssdk", "ssetype", "kmskeyid", "hostname_immutable", "rate_limiter_capacity"],
  ...["request_checksum_calculation", "response_checksum_validation"],
];
const KNOWN = [
  ...["region", "endpoint", "profile", "s3ForcePathStyle", "use_path_style"],
  ...["dualstack", "fips", "disableSSL", "disable_https", ...OF_NO_MATTER],
];

/** The engine puts the scheme before an endpoint that has none (pkg/v3.259.0, backend/diy, translateLegacyS3Params). */
function endpointOf(query: URLSearchParams): string | undefined {
  const endpoint = query.get("endpoint");
  if (!endpoint || endpoint.includes("://")) return endpoint ?? undefined;
  return `${yes(query.get("disableSSL") ?? query.get("disable_https")) ? "http" : "https"}://${endpoint}`;
}

/**
 * Reads `s3://bucket/prefix?region=…&endpoint=…&s3ForcePathStyle=true&profile=…` as the engine does
 * (gocloud.dev 0.46, aws.V2ConfigFromURLParams and s3blob.URLOpener). Throws STATE_INVALID for what only the engine
 * would understand: it and Nami must not look at different places.
 */
export function s3Place(state: string, env: NodeJS.ProcessEnv): S3Place {
  const url = URL.parse(state);
  if (!url?.hostname) throw cliError("STATE_INVALID", { state, problem: "it names no bucket" });
  const query = url.searchParams;
  const odd = [...query.keys()].find((key) => !KNOWN.includes(key));
  if (odd)
    throw cliError("STATE_INVALID", { state, problem: `it has a parameter that Nami does not know: ${odd}` });
  const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, "");
  return {
    bucket: url.hostname,
    prefix: folder && `${folder}/`,
    client: {
      region: query.get("region") ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
      endpoint: endpointOf(query),
      profile: query.get("profile") ?? undefined,
      forcePathStyle: yes(query.get("s3ForcePathStyle") ?? query.get("use_path_style")),
      useDualstackEndpoint: yes(query.get("dualstack")),
      useFipsEndpoint: yes(query.get("fips")),
    },
  };
}
