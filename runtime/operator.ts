import type { Context } from "aws-lambda";
import { jsonLog } from "./log";
import { answerOperator, type Health, type OperatorRequest } from "./operator-actions";
import { type OperatorSettings, requiredVariable } from "./settings";
import { createStore } from "./store";
import { storeError } from "./store-error";

/** A store that does not answer, as an answer: an error of the function is alarming, and a question is no reason for that. */
export interface NoAnswer {
  noAnswer: string;
}

/**
 * The operator Lambda: the CLI's eyes in the VPC. A store that does not answer is answered as NoAnswer; it throws for
 * what nobody should ask.
 * @param open makes the store; a test hands in one that it can close
 */
export function createHandler(
  settings: OperatorSettings,
  open = createStore,
): (request: OperatorRequest, context: Context) => Promise<unknown> {
  const uri = requiredVariable("NAMI_MONGO_URI");
  const store = open({ uri, ...settings, log: jsonLog(settings.name) });
  return async (request, context) => {
    try {
      return await answerOperator(
        request,
        settings.name,
        await store.open(context.getRemainingTimeInMillis()),
      );
    } catch (error) {
      if (error instanceof RangeError) throw error;
      const fault = storeError(uri, error);
      if (request.action === "health") return { answers: false, reason: fault.message } satisfies Health;
      return { noAnswer: fault.message } satisfies NoAnswer;
    }
  };
}
