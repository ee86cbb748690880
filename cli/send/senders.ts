/** Every sender: examples of each provider's events, rightly signed. */
import type { Sender } from "./sender";
import { bitbucket } from "./senders/bitbucket";
import { dropbox } from "./senders/dropbox";
import { eventGrid } from "./senders/event-grid";
import { github } from "./senders/github";
import { gitlab } from "./senders/gitlab";
import { hmac } from "./senders/hmac";
import { jira } from "./senders/jira";
import { facebook, instagram, meta, whatsapp } from "./senders/meta";
import { microsoftGraph } from "./senders/microsoft-graph";
import { paddle } from "./senders/paddle";
import { paypal } from "./senders/paypal";
import { sendgrid } from "./senders/sendgrid";
import { shopify } from "./senders/shopify";
import { slack } from "./senders/slack";
import { square } from "./senders/square";
import { standardWebhooks, svix } from "./senders/standard-webhooks";
import { stripe } from "./senders/stripe";
import { twilio } from "./senders/twilio";
import { x } from "./senders/x";
import { zendesk } from "./senders/zendesk";

export const senders: readonly Sender[] = [
  bitbucket,
  dropbox,
  eventGrid,
  facebook,
  github,
  gitlab,
  instagram,
  jira,
  meta,
  microsoftGraph,
  paddle,
  paypal,
  sendgrid,
  shopify,
  slack,
  square,
  standardWebhooks,
  stripe,
  svix,
  twilio,
  whatsapp,
  x,
  zendesk,
  hmac,
];

export function senderOf(preset: string): Sender | undefined {
  return senders.find((sender) => sender.preset === preset);
}
