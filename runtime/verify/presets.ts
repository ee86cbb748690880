/** Every preset. For the CLI and the program; a function's bundle has the one that was chosen. */
import type { Preset } from "./preset";
import adyen from "./presets/adyen";
import apiKey from "./presets/api-key";
import asana from "./presets/asana";
import awsSns from "./presets/aws-sns";
import basic from "./presets/basic";
import bitbucket from "./presets/bitbucket";
import calendly from "./presets/calendly";
import custom from "./presets/custom";
import discord from "./presets/discord";
import docusign from "./presets/docusign";
import dropbox from "./presets/dropbox";
import eventGrid from "./presets/event-grid";
import facebook from "./presets/facebook";
import github from "./presets/github";
import gitlab from "./presets/gitlab";
import hmac from "./presets/hmac";
import hubspot from "./presets/hubspot";
import instagram from "./presets/instagram";
import intercom from "./presets/intercom";
import ip from "./presets/ip";
import jira from "./presets/jira";
import linear from "./presets/linear";
import mailgun from "./presets/mailgun";
import meta from "./presets/meta";
import microsoftGraph from "./presets/microsoft-graph";
import none from "./presets/none";
import notion from "./presets/notion";
import okta from "./presets/okta";
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
import typeform from "./presets/typeform";
import whatsapp from "./presets/whatsapp";
import x from "./presets/x";
import zendesk from "./presets/zendesk";
import zoom from "./presets/zoom";

/** Providers by name, then what is for any sender. */
export const presets: readonly Preset[] = [
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
  ip,
  custom,
  none,
];

export function presetNamed(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}
