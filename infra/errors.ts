import { type ErrorEntry, errorMaker } from "../runtime/coded-error";

/** What can be wrong with the options or the program, before anything is deployed. */
export const infraErrors = {
  HANDLER_MISSING: {
    exitCode: 2,
    message: "There is no file {path} for --{option}.",
    hint: "nami up {name} --{option} FILE",
  },
  HANDLER_INVALID: {
    exitCode: 2,
    message: "{path} cannot be bundled: {problem}{place}",
    hint: "nami up {name}",
  },
  HANDLER_NO_DEFAULT: {
    exitCode: 2,
    message: "{path} has no function as its default export: export default async (event, tools) => {}",
    hint: "nami up {name}",
  },
  HANDLER_NO_VERIFY: {
    exitCode: 2,
    message:
      "{path} exports no function `verify`, which the signature scheme custom asks of it: " +
      "export const verify = async (request, { secrets }) => false",
    hint: "nami up {name}",
  },
  HANDLER_THROWS: {
    exitCode: 2,
    message:
      "{path} fails when it is loaded: {problem}\n" +
      "Its top level runs once in each new Lambda sandbox, before the first event.",
    hint: "nami up {name}",
  },
  OPTIONS_INVALID: { exitCode: 2, message: "{problems}", hint: "nami help {verb}" },
  TARGET_MISMATCH: {
    exitCode: 1,
    message:
      "The stack {stack} is for {wanted}, but the credentials are those of {found}. Nothing was touched.",
    hint: "nami env {stack}",
  },
  SHARED_STACK_MISSING: {
    exitCode: 1,
    message: "The stack {stack} does not exist, or was never brought up to its end.",
    hint: "nami up {name}",
  },
  SUBNET_MISSING: {
    exitCode: 1,
    message: "The default VPC has no default subnet in {zone}, where the data volume is.",
    hint: "aws ec2 create-default-subnet --availability-zone {zone}",
  },
  INSTANCE_TYPE_NOT_OFFERED: {
    exitCode: 1,
    message: "The instance type {instanceType} is not to be had {where}.",
    hint: "aws ec2 describe-instance-type-offerings --filters Name=instance-type,Values='t*.small'",
  },
  VPC_SUBNET_MISSING: {
    exitCode: 1,
    message: "There is no {way}subnet of {where}, or no such VPC. Nothing was begun in it.",
    hint: "aws ec2 describe-subnets --filters Name=vpc-id,Values={vpc}",
  },
  ENVIRONMENT_TOO_LARGE: {
    exitCode: 1,
    message:
      "The environment variables of {functionName} take {bytes} bytes; AWS Lambda allows 4096 in all. The longest is " +
      "{longest}: make its value shorter.",
    hint: "nami help up",
  },
} as const satisfies Record<string, ErrorEntry>;

export const infraError = errorMaker(infraErrors);
