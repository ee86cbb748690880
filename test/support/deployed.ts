import { senderOf } from "../../cli/send/senders";
import keepEvery from "../../runtime/default-pre-queue";
import { intake } from "../../runtime/intake";
import { LINES_A_MINUTE, MinuteBudget } from "../../runtime/minute-budget";
import { Rejections } from "../../runtime/rejections";
import { presetNamed } from "../../runtime/verify/presets";
import { httpEvent } from "./aws-events";
import { recordedLog } from "./recorded-log";
import { makeKey, NOW, numbered, type Parts, signedParts, verifierOf } from "./signed";

export interface Given {
  secrets?: string[];
  token?: string;
  served?: Record<string, string>;
  fetched?: string[];
}

/** A deployment of a preset, asked through its intake. */
export function deployed(name: string, { secrets = [], token, served = {}, fetched = [] }: Given = {}) {
  const preset = presetNamed(name)!;
  const { log, lines } = recordedLog();
  const sent: string[] = [];
  const verifier = { ...verifierOf(preset, numbered(...secrets), served), token };
  const fetchText = (url: string) => {
    fetched.push(url);
    return verifier.fetchText(url);
  };
  const ports = {
    settings: { name: "demo", maxMessageBytes: 1_048_576, verification: { scheme: name } },
    verifier: { ...verifier, fetchText },
    ownHandler: false,
    budget: new MinuteBudget(LINES_A_MINUTE),
    rejections: new Rejections({
      log,
      budget: new MinuteBudget(LINES_A_MINUTE),
      now: () => NOW,
      secrets,
      secretPlaces: [],
    }),
    probeKey: "probe-key",
    send: async (message: string) => void sent.push(message),
    handler: keepEvery,
    now: () => NOW,
    log,
  };
  const ask = (parts: Partial<Parts>) =>
    intake(httpEvent({ time: NOW, method: "POST", headers: {}, query: "", ...parts }), ports);
  return { ask, lines, sent, notes: () => lines.map(({ fields }) => String(fields.note ?? "")) };
}

/** The sender's question, rightly signed, and a deployment that has the secret. */
export function question(name: string, event: string, given: Given = {}) {
  const preset = presetNamed(name)!;
  const pair = makeKey(senderOf(name)!);
  const parts = signedParts(senderOf(name)!, preset, { key: pair.key, event });
  const fetched: string[] = [];
  const place = deployed(name, { secrets: [pair.secret], served: parts.served, fetched, ...given });
  return { ...place, parts, fetched, secret: pair.secret };
}

export const json = (value: object) => Buffer.from(JSON.stringify(value));
export const type = (answer: { headers?: Record<string, unknown> }) => answer.headers?.["content-type"];
