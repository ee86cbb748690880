import type { OptionName, Resolved, Written } from "../options";

/** What is wrong with one option; `message` reads on after the option's flag. */
export interface OptionError {
  option: OptionName;
  message: string;
}

/** Looks at options together. */
export interface Rule {
  /** For docs/options.md. */
  text: string;
  /**
   * Undefined when it is kept. `values` holds only what was given rightly, plus defaults: a comparison with what could
   * not be read is never true, so that such a rule stays silent.
   */
  broken(values: Partial<Resolved>, written: Written): OptionError | undefined;
}
