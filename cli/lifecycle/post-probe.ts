import { hostStatus } from "../../local/host/client";
import { PROBE_HEADER } from "../../runtime/probe";
import type { Operated } from "../operate/operator";
import { faultOf, sendHttp } from "../send-http";

/** On this machine the gateway itself is asked: a public URL may lead through a tunnel that is not up yet. */
export async function addressOf(deployment: Operated, invokeUrl: unknown): Promise<string> {
  const url = new URL(String(invokeUrl));
  if (deployment.target !== "local") return url.href;
  const gateway = new URL((await hostStatus(deployment.home)).gatewayUrl);
  if (gateway.hostname === "0.0.0.0" || gateway.hostname === "[::]") gateway.hostname = "127.0.0.1";
  return new URL(url.pathname, gateway).href;
}

interface Answer {
  ok: boolean;
  text: string;
}

export async function postProbe(url: string, header: string, signal: AbortSignal): Promise<Answer> {
  try {
    const { status, ok, text } = await sendHttp(url, {
      method: "POST",
      headers: { [PROBE_HEADER]: header, "content-type": "application/json" },
      body: '{"probe":true}',
      signal,
      patience: 30_000,
    });
    const body = text.trim().slice(0, 300);
    return { ok, text: `It answered ${status}${body && `: ${body}`}` };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, text: `No answer: ${faultOf(error)}` };
  }
}
