import type { Table } from "./declared";
import { RETENTIONS } from "./watch";

/** The front door of all names of a target and region. */
export const gateway = {
  throttleRate: {
    kind: "integer",
    unit: "requests/s",
    min: 1,
    max: 100_000,
    scope: "gateway",
    text: "Most requests a second that each name takes in; more are answered 429. Without it the limit of the account holds, which all names share. It can be changed, not taken back.",
  },
  throttleBurst: {
    kind: "integer",
    unit: "requests",
    min: 1,
    max: 100_000,
    scope: "gateway",
    text: "How many requests of a name may come at one moment: as many are let in at once, the rate fills up again. Half of the rate, unless given.",
  },
  throttles: {
    kind: "text",
    pattern:
      /^[a-z][a-z0-9-]*=[1-9]\d{0,5}(\/[1-9]\d{0,5})?(,[a-z][a-z0-9-]*=[1-9]\d{0,5}(\/[1-9]\d{0,5})?)*$/,
    example: "orders=200/400,invoices=50",
    scope: "gateway",
    text: "Throttles of single names instead: requests a second, and after a slash the burst, which is else half of it.",
  },
  domain: {
    kind: "text",
    pattern: /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    example: "hooks.example.com",
    scope: "gateway",
    text: "A domain of your own for the URLs; needs --certificate-arn, and a CNAME to what `nami gateway show` tells.",
  },
  certificateArn: {
    kind: "text",
    pattern: /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
    example: "arn:aws:acm:eu-central-1:123456789012:certificate/1234abcd-…",
    scope: "gateway",
    text: "Certificate of that domain, in AWS Certificate Manager of the same region.",
  },
  accessLog: {
    kind: "choice",
    choices: ["off", ...RETENTIONS],
    default: "14d",
    scope: "gateway",
    text: "How long the line that is written for each request is kept; off: none is written, and nobody is told of throttled or failed requests.",
  },
} as const satisfies Table;
