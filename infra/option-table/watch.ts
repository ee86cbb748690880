import type { Table } from "./declared";

/** Days that CloudWatch Logs can keep a log (PutRetentionPolicy, retentionInDays), up to two years. */
export const RETENTIONS = [
  "1d",
  "3d",
  "5d",
  "7d",
  "14d",
  "30d",
  "60d",
  "90d",
  "120d",
  "150d",
  "180d",
  "365d",
  "400d",
  "545d",
  "731d",
] as const;

/** Who is told what. */
export const watch = {
  alarms: {
    kind: "choice",
    choices: ["on", "off"],
    default: "on",
    scope: "pipeline",
    text: "Alarms on dead letters, waiting events, errors, throttling, refused requests and a full disk.",
  },
  alarmEmail: {
    kind: "text",
    pattern: /^[^\s@"<>]+@[^\s@"<>]+\.[^\s@"<>]+$/,
    example: "ops@example.com",
    scope: "pipeline",
    text: "Who is told when an alarm goes off or is over; AWS asks for a confirmation first.",
  },
  dashboard: {
    kind: "choice",
    choices: ["on", "off"],
    default: "on",
    scope: "pipeline",
    text: "A CloudWatch dashboard for the name (three an account are free).",
  },
  logRetention: {
    kind: "choice",
    choices: RETENTIONS,
    default: "14d",
    scope: "pipeline",
    text: "How long the logs of the functions are kept.",
  },
} as const satisfies Table;
