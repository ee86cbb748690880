import { createHash } from "node:crypto";

interface Attribute {
  DataType?: string;
  StringValue?: string;
  /** base64. */
  BinaryValue?: string;
}

/**
 * AWS's MD5OfMessageAttributes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: Record<string, unknown> | undefined): string | undefined {
  const names = Object.keys(attributes ?? {}).sort();
  if (names.length === 0) return undefined;
  const md5 = createHash("md5");
  const add = (value: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    md5.update(length).update(value);
  };
  for (const name of names) {
    const { DataType = "", StringValue = "", BinaryValue } = attributes![name] as Attribute;
    const binary = DataType.startsWith("Binary");
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    md5.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? Buffer.from(BinaryValue ?? "", "base64") : Buffer.from(StringValue));
  }
  return md5.digest("hex");
}

/** Those a receive asks for: "All", ".*", a name, or "prefix.*". */
export function selectAttributes(
  attributes: Record<string, unknown> | undefined,
  wanted: string[],
): Record<string, unknown> | undefined {
  if (!attributes || wanted.length === 0) return undefined;
  const matches = (name: string) =>
    wanted.some(
      (want) =>
        want === "All" || want === name || (want.endsWith(".*") && name.startsWith(want.slice(0, -2))),
    );
  const selected = Object.entries(attributes).filter(([name]) => matches(name));
  return selected.length > 0 ? Object.fromEntries(selected) : undefined;
}
