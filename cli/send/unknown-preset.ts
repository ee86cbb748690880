import { nearest } from "../../infra/did-you-mean";
import { cliError } from "../errors";

/** PRESET_UNKNOWN, with the one of `known` that was most likely meant. */
export function unknownPreset(preset: string, known: readonly string[]): Error {
  const meant = nearest(preset, known);
  return cliError("PRESET_UNKNOWN", {
    preset,
    hint: meant ? `nami verify show ${meant}` : "nami verify list",
  });
}
