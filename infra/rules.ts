import type { OptionName, Resolved, Written } from "./options";

/** What is wrong with one option; `message` reads on after the option's flag. */
export interface OptionError {
  option: OptionName;
  message: string;
}

/** Looks at options together. `values` holds only what was given rightly, plus defaults. */
type Rule = (values: Partial<Resolved>, written: Written) => OptionError | undefined;

/** AWS refuses such an event source mapping. */
const largeBatchesNeedAWindow: Rule = ({ batchSize, batchWindow }) =>
  batchSize! > 10 && batchWindow! < 1
    ? { option: "batchWindow", message: "must be at least 1s when --batch-size is above 10" }
    : undefined;

/** SQS counts from when the event first came in, also in the dead-letter queue: a shorter one loses events unseen. */
const deadLettersStayLonger: Rule = ({ retention, deadLetterRetention }) =>
  deadLetterRetention! < retention!
    ? { option: "deadLetterRetention", message: "must not be shorter than --retention" }
    : undefined;

const portIsOfOurMongo: Rule = (_, { mongoUri, mongoPort }) =>
  mongoUri !== undefined && mongoPort !== undefined
    ? {
        option: "mongoPort",
        message: "is of the MongoDB that Nami runs: leave it out, --mongo-uri names its own port",
      }
    : undefined;

export const rules: readonly Rule[] = [largeBatchesNeedAWindow, deadLettersStayLonger, portIsOfOurMongo];
