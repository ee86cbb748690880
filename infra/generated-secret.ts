import { randomBytes } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tags } from "./tags";

/** A secret that nobody chose: made once, kept as an SSM SecureString. */
export interface GeneratedSecret {
  /** Name of the SSM parameter. */
  parameter: pulumi.Output<string>;
  parameterArn: pulumi.Output<string>;
  /** 64 hex digits, so that it needs no quoting in a URI or a shell. */
  value: pulumi.Output<string>;
}

/** Every run offers a new value and only the first is taken: later ones are ignored changes. */
export function generatedSecret(
  logicalName: string,
  args: { name: string; description: string },
  opts: pulumi.CustomResourceOptions,
): GeneratedSecret {
  const parameter = new aws.ssm.Parameter(
    logicalName,
    {
      type: "SecureString",
      value: pulumi.secret(randomBytes(32).toString("hex")),
      description: args.description,
      tags: tags(args.name, logicalName),
    },
    { ...opts, ignoreChanges: ["value"] },
  );
  return { parameter: parameter.name, parameterArn: parameter.arn, value: pulumi.secret(parameter.value) };
}
