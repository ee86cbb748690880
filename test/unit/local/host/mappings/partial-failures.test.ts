import { deepStrictEqual } from "node:assert";
import { failedIds } from "../../../../../local/host/mappings/partial-failures";

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
const CASES: [name: string, payload: string, failed: "all" | string[]][] = [
  ["null", "null", []],
  ["nothing", "", []],
  ["empty text", '""', []],
  ["an empty object", "{}", []],
  ["an object without the list", '{"ok":true}', []],
  ["a null list", '{"batchItemFailures":null}', []],
  ["an empty list", '{"batchItemFailures":[]}', []],
  ["one id", '{"batchItemFailures":[{"itemIdentifier":"a"}]}', ["a"]],
  ["an id twice", '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"a"}]}', ["a"]],
  ["every id", '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}', ["a", "b"]],
  ["an empty id", '{"batchItemFailures":[{"itemIdentifier":""}]}', "all"],
  ["a null id", '{"batchItemFailures":[{"itemIdentifier":null}]}', "all"],
  ["an unknown id", '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]}', "all"],
  ["a wrong key", '{"batchItemFailures":[{"itemId":"a"}]}', "all"],
  ["a null item", '{"batchItemFailures":[null]}', "all"],
  ["an id without its object", '{"batchItemFailures":["a"]}', "all"],
  ["a number as id", '{"batchItemFailures":[{"itemIdentifier":1}]}', "all"],
  ["a list that is none", '{"batchItemFailures":{"itemIdentifier":"a"}}', "all"],
  ["text", '"done"', "all"],
  ["a list", "[]", "all"],
  ["invalid JSON", "{batchItemFailures", "all"],
];

describe("the list of failed messages in a function's answer", () => {
  for (const [name, payload, failed] of CASES) {
    it(`means ${failed === "all" ? "that the whole batch failed" : failed.length > 0 ? `the failures ${failed.join(" and ")}` : "no failure"} when it is ${name}`, () => {
      const result = failedIds(payload, new Set(["a", "b"]));
      deepStrictEqual(result === "all" ? result : [...result], failed);
    });
  }
});
