/** Every preset. For the CLI and the program; a function's bundle has the one that was chosen. */
import type { Preset } from "./preset";
import bitbucket from "./presets/bitbucket";
import dropbox from "./presets/dropbox";
import eventGrid from "./presets/event-grid";
import facebook from "./presets/facebook";
import github from "./presets/github";
import gitlab from "./presets/gitlab";
import hmac from "./presets/hmac";
import instagram from "./presets/instagram";
import jira from "./presets/jira";
import meta from "./presets/meta";
import microsoftGraph from "./presets/microsoft-graph";
import none from "./presets/none";
import paddle from "./presets/paddle";
import paypal from "./presets/paypal";
import sendgrid from "./presets/sendgrid";
import shopify from "./presets/shopify";
import slack from "./presets/slack";
import square from "./presets/square";
import standardWebhooks from "./presets/standard-webhooks";
import stripe from "./presets/stripe";
import svix from "./presets/svix";
import twilio from "./presets/twilio";
import whatsapp from "./presets/whatsapp";
import x from "./presets/x";
import zendesk from "./presets/zendesk";

/** Providers by name, then what is for any sender. */
export const presets: readonly Preset[] = [
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
  none,
];

export function presetNamed(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}
