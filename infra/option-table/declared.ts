/** The words in which an option is declared. Pure types: `nami help` and `nami ls` load the table. */

export type OptionKind = "choice" | "integer" | "duration" | "text" | "secret" | "file";

/**
 * "place": where a name lives; chosen by its first `up`, refused when it changes, known to all three projects.
 * "pipeline": may change with any `up`.
 * "data": of what outlives the pipeline; may change with any `up`, known to the projects `nami` and `nami-data`.
 * "gateway": of the front door that all names share; set by `nami gateway set`, known to the project `nami-gateway`.
 * "person": how somebody's own machine reaches the target; kept in NAMI_HOME, never in state that others share.
 */
export type OptionScope = "place" | "pipeline" | "data" | "gateway" | "person";

interface Common {
  scope: OptionScope;
  /** One sentence for help and docs. */
  text: string;
}

export type Declared = Common &
  (
    | { kind: "choice"; choices: readonly string[]; default: string }
    | { kind: "integer"; unit?: string; default?: number; min: number; max: number }
    /** Bounds in seconds; a person types "90s", "15m", "12h", "4d", or plain seconds. */
    | { kind: "duration"; unit: "s"; default?: string; min: number; max: number }
    /** `example` shows what the pattern wants. */
    | { kind: "text"; default?: string; pattern: RegExp; example: string }
    /** Given as `@-` (standard input), `env:NAME` or `file:PATH`, never as the value itself. */
    | { kind: "secret" }
    | { kind: "file" }
  );

export type Table = Record<string, Declared>;

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
