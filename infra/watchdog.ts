import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Pause } from "../runtime/watchdog-round";
import { LambdaFunction } from "./lambda-function";
import type { Operator } from "./operator";
import { days } from "./option-values";
import { invokeFunction, readAndWriteParameter, switchMapping } from "./policies";
import type { Settings } from "./settings";
import { tags } from "./tags";
import type { Worker } from "./worker";

/** It waits for AWS to answer, mostly; a cold one makes three TLS connections, for which less has too little CPU. */
const MEMORY_MB = 256;
/** Less than the minute between two rounds. */
const TIMEOUT_SECONDS = 50;

/** The mapping is made turned off: the first round in which MongoDB answers turns it on. */
const AT_FIRST: Pause = { by: "watchdog", reason: "MongoDB has not answered yet" };

export interface WatchdogArgs {
  settings: Settings;
  bundlePath: string;
  worker: Worker;
  operator: Operator;
}

/** Sees every minute whether MongoDB answers, and lets the worker work only then. Outside of the VPC: AWS is out there. */
export class Watchdog extends pulumi.ComponentResource {
  readonly function: LambdaFunction;

  constructor(logicalName: string, args: WatchdogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:watchdog:Watchdog", logicalName, {}, opts);
    const own = `${logicalName}-watchdog`;
    const pause = this.pauseParameter(`${logicalName}-pause`, args);
    this.function = this.watchdogFunction(own, args, pause);
    this.everyMinute(own, args.settings);
    this.registerOutputs();
  }

  /** What the watchdog remembers from one round to the next, and what `nami status` tells. */
  private pauseParameter(
    logicalName: string,
    { settings: { name }, worker }: WatchdogArgs,
  ): aws.ssm.Parameter {
    return new aws.ssm.Parameter(
      logicalName,
      {
        type: "String",
        value: JSON.stringify(AT_FIRST),
        description: `Whether the watchdog has stopped the worker of ${name}, and why`,
        tags: tags(name, logicalName),
      },
      // An update of anything puts the value of the state, which is the first one.
      // A mapping that is made anew is turned off like the first one: nobody but the watchdog has stopped it.
      { parent: this, ignoreChanges: ["value", "description"], replaceWith: [worker.mapping] },
    );
  }

  private watchdogFunction(
    logicalName: string,
    { settings, bundlePath, worker, operator }: WatchdogArgs,
    pause: aws.ssm.Parameter,
  ): LambdaFunction {
    const { name, logRetention } = settings;
    return new LambdaFunction(
      logicalName,
      {
        name,
        description: `Sees whether the MongoDB of ${name} answers`,
        bundlePath,
        settings: { name },
        variables: {
          NAMI_OPERATOR: operator.function.resource.name,
          NAMI_MAPPING: worker.mapping.id,
          NAMI_PAUSE_PARAMETER: pause.name,
        },
        memory: MEMORY_MB,
        timeout: TIMEOUT_SECONDS,
        retentionDays: days(logRetention),
        statements: [
          operator.function.resource.arn.apply(invokeFunction),
          worker.mapping.arn.apply(switchMapping),
          pause.arn.apply(readAndWriteParameter),
        ],
      },
      { parent: this },
    );
  }

  private everyMinute(logicalName: string, { name }: Settings): void {
    const child = { parent: this };
    const { resource: watchdog } = this.function;
    const rule = new aws.cloudwatch.EventRule(
      logicalName,
      {
        scheduleExpression: "rate(1 minute)",
        description: `Starts the watchdog of ${name}`,
        tags: tags(name, logicalName),
      },
      child,
    );
    const permission = new aws.lambda.Permission(
      logicalName,
      {
        action: "lambda:InvokeFunction",
        function: watchdog.name,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.cloudwatch.EventTarget(
      logicalName,
      { rule: rule.name, arn: watchdog.arn },
      { parent: this, dependsOn: [permission] },
    );
  }
}
