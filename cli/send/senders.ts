/** Every sender: examples of each provider's events, rightly signed. */
import type { Sender } from "./sender";
import { adyen } from "./senders/adyen";
import { apiKey } from "./senders/api-key";
import { asana } from "./senders/asana";
import { awsSns } from "./senders/aws-sns";
import { basic } from "./senders/basic";
import { bitbucket } from "./senders/bitbucket";
import { calendly } from "./senders/calendly";
import { discord } from "./senders/discord";
import { docusign } from "./senders/docusign";
import { dropbox } from "./senders/dropbox";
import { eventGrid } from "./senders/event-grid";
import { github } from "./senders/github";
import { gitlab } from "./senders/gitlab";
import { hmac } from "./senders/hmac";
import { hubspot } from "./senders/hubspot";
import { intercom } from "./senders/intercom";
import { jira } from "./senders/jira";
import { linear } from "./senders/linear";
import { mailgun } from "./senders/mailgun";
import { facebook, instagram, meta, whatsapp } from "./senders/meta";
import { microsoftGraph } from "./senders/microsoft-graph";
import { notion } from "./senders/notion";
import { okta } from "./senders/okta";
import { paddle } from "./senders/paddle";
import { paypal } from "./senders/paypal";
import { sendgrid } from "./senders/sendgrid";
import { shopify } from "./senders/shopify";
import { slack } from "./senders/slack";
import { square } from "./senders/square";
import { standardWebhooks, svix } from "./senders/standard-webhooks";
import { stripe } from "./senders/stripe";
import { twilio } from "./senders/twilio";
import { typeform } from "./senders/typeform";
import { x } from "./senders/x";
import { zendesk } from "./senders/zendesk";
import { zoom } from "./senders/zoom";

export const senders: readonly Sender[] = [
  adyen,
  asana,
  awsSns,
  bitbucket,
  calendly,
  discord,
  docusign,
  dropbox,
  eventGrid,
  facebook,
  github,
  gitlab,
  hubspot,
  instagram,
  intercom,
  jira,
  linear,
  mailgun,
  meta,
  microsoftGraph,
  notion,
  okta,
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
  typeform,
  whatsapp,
  x,
  zendesk,
  zoom,
  apiKey,
  basic,
  hmac,
];

export function senderOf(preset: string): Sender | undefined {
  return senders.find((sender) => sender.preset === preset);
}
