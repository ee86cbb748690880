import { STORED_SECRET } from "./option-values";
import { options, type Written } from "./options";

/** A value in a stack's config, as the Automation API has it. */
export interface ConfigEntry {
  value: string;
  secret?: boolean;
}

export type ConfigMap = Record<string, ConfigEntry>;

/**
 * Typed options → stack config, durations as they were typed. A secret's reference becomes an entry only when `secrets`
 * holds the value it stands for: config keeps values, not references.
 */
export function toConfig(written: Written, secrets: Record<string, string> = {}): ConfigMap {
  const config: ConfigMap = {};
  for (const { name, kind, configKey } of options) {
    const value = kind === "secret" ? secrets[name] : written[name];
    if (value !== undefined)
      config[configKey] =
        kind === "secret" ? { value: String(value), secret: true } : { value: String(value) };
  }
  return config;
}

/** Stack config → options as typed. A secret appears as STORED_SECRET; foreign keys are left out. */
export function fromConfig(config: ConfigMap): Written {
  const written: Written = {};
  for (const { name, kind, configKey } of options) {
    const entry = config[configKey];
    if (entry) written[name] = kind === "secret" ? STORED_SECRET : entry.value;
  }
  return written;
}
