import { randomBytes, randomInt } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

type Ec2Prefix =
  | "acl"
  | "dopt"
  | "eigw"
  | "eipalloc"
  | "eipassoc"
  | "eni"
  | "i"
  | "igw"
  | "nat"
  | "policy"
  | "rtb"
  | "rtbassoc"
  | "sg"
  | "sgr"
  | "subnet"
  | "subnet-cidr-assoc"
  | "vol"
  | "vpc"
  | "vpc-cidr-assoc";

/** As EC2 and Data Lifecycle Manager shape ids: `vol-` and 17 hex digits. */
export function ec2Id(prefix: Ec2Prefix): string {
  return `${prefix}-0${randomBytes(8).toString("hex")}`;
}

/** As API Gateway shapes ids: lower-case letters and digits, a letter first. */
export function gatewayId(length: number): string {
  const first = ALPHABET[randomInt(26)]!;
  return first + Array.from({ length: length - 1 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** As IAM shapes unique ids: `AROA` (role) or `AIPA` (instance profile) and 17 characters. */
export function iamId(prefix: "AROA" | "AIPA"): string {
  return (
    prefix + Array.from({ length: 17 }, () => ALPHABET[randomInt(ALPHABET.length)]!.toUpperCase()).join("")
  );
}
