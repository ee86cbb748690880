/** Every sender: examples of each provider's events, rightly signed. */
import type { Sender } from "./sender";
import { github } from "./senders/github";
import { hmac } from "./senders/hmac";
import { slack } from "./senders/slack";
import { standardWebhooks, svix } from "./senders/standard-webhooks";
import { stripe } from "./senders/stripe";

export const senders: readonly Sender[] = [github, slack, standardWebhooks, stripe, svix, hmac];

export function senderOf(preset: string): Sender | undefined {
  return senders.find((sender) => sender.preset === preset);
}
