import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "./lambda-function";
import { days } from "./option-values";
import type { Settings } from "./settings";
import { type Store, storeSettings } from "./store";

/** Answers are pages below Lambda's 6 MB; sorting and encoding one takes a multiple of that. */
const MEMORY_MB = 512;
const TIMEOUT_SECONDS = 30;

export interface OperatorArgs {
  settings: Settings;
  bundlePath: string;
  store: Store;
}

/** The CLI's hand in the VPC: pings MongoDB, reads events, takes the probe out. Invoked with IAM; no open port. */
export class Operator extends pulumi.ComponentResource {
  readonly function: LambdaFunction;

  constructor(logicalName: string, args: OperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:operator:Operator", logicalName, {}, opts);
    const { name } = args.settings;
    this.function = new LambdaFunction(
      `${logicalName}-operator`,
      {
        name,
        description: `Answers the nami command about ${name}`,
        bundlePath: args.bundlePath,
        settings: storeSettings(args.settings),
        variables: { NAMI_MONGO_URI: args.store.uri },
        memory: MEMORY_MB,
        timeout: TIMEOUT_SECONDS,
        retentionDays: days(args.settings.logRetention),
        statements: [],
        network: args.store.networks?.operator,
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
