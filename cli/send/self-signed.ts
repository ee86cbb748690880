import { createPublicKey, sign } from "node:crypto";

/** DER, as far as a certificate needs it: https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function tlv(tag: number, ...contents: Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  const { length } = body;
  const short =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...short]), body]);
}

const sequence = (...contents: Buffer[]) => tlv(0x30, ...contents);
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, "hex"));
/** GeneralizedTime, without fractions of a second. */
const time = (at: number) =>
  tlv(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));
const name = (common: string) => sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from(common)))));

/**
 * A certificate of one's own making, PEM, for senders whose provider signs with one.
 * @param key RSA private key, PEM
 */
export function selfSigned(
  key: string,
  { common, from, to }: { common: string; from: number; to: number },
): string {
  const sha256WithRsa = sequence(oid("2a864886f70d01010b"), tlv(0x05));
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  const version3 = tlv(0xa0, tlv(0x02, Buffer.from([2])));
  const serial = tlv(0x02, Buffer.from([1]));
  const valid = sequence(time(from), time(to));
  const unsigned = sequence(version3, serial, sha256WithRsa, name(common), valid, name(common), spki);
  const signature = tlv(0x03, Buffer.from([0]), sign("sha256", unsigned, key));
  const base64 = sequence(unsigned, sha256WithRsa, signature).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)!.join("\n")}\n-----END CERTIFICATE-----\n`;
}
