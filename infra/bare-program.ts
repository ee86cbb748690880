import * as pulumi from "@pulumi/pulumi";
import { CodedError } from "../runtime/coded-error";
import { program as build } from "./program";

/** `program` for a bare `pulumi`, which shows an error's stack unless it is a RunError, and never its hint. */
export async function program(): Promise<Record<string, unknown>> {
  try {
    return await build();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw new pulumi.RunError(`${error.code}: ${error.message}\nTry: ${error.hint}`);
  }
}
