/**
 * Which messages of a batch failed, from the function's answer under ReportBatchItemFailures.
 * Null, an empty answer and an empty list are success; whatever cannot be understood fails the whole batch, because
 * deleting a message that was perhaps not processed would lose it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedIds(payload: string, ids: ReadonlySet<string>): "all" | Set<string> {
  let answer: unknown;
  try {
    answer = payload.trim() === "" ? null : JSON.parse(payload);
  } catch {
    return "all";
  }
  if (answer === null || answer === "") return new Set();
  if (typeof answer !== "object" || Array.isArray(answer)) return "all";
  const { batchItemFailures } = answer as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return new Set();
  if (!Array.isArray(batchItemFailures)) return "all";
  const failed = new Set<string>();
  for (const item of batchItemFailures) {
    const id: unknown = item?.itemIdentifier;
    if (typeof id !== "string" || !ids.has(id)) return "all";
    failed.add(id);
  }
  return failed;
}
