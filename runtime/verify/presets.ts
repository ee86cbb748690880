/** Every preset. For the CLI and the program; a function's bundle has the one that was chosen. */
import type { Preset } from "./preset";
import github from "./presets/github";
import hmac from "./presets/hmac";
import none from "./presets/none";
import slack from "./presets/slack";
import standardWebhooks from "./presets/standard-webhooks";
import stripe from "./presets/stripe";
import svix from "./presets/svix";

/** Providers by name, then what is for any sender. */
export const presets: readonly Preset[] = [github, slack, standardWebhooks, stripe, svix, hmac, none];

export function presetNamed(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}
