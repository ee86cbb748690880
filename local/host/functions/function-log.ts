import { LOCAL_ACCOUNT } from "../../protocol";
import type { FunctionSpec, Iam, Logs } from "../services";

/** Function names whose logs say nothing, so that the host tells of each once. */
export type Silenced = Set<string>;

export interface FunctionLogOptions {
  iam: Iam;
  logs: Logs;
  silenced: Silenced;
  /** The host's own log. */
  log(text: string): void;
}

const ACTIONS = ["logs:CreateLogStream", "logs:PutLogEvents"];

/**
 * The stream of one sandbox in its function's log group. Lambda writes there in the name of the function's role: what
 * the role may not write is lost, the platform's own lines too.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
export class FunctionLog {
  private allowed = false;
  /** Of the roles and policies that `allowed` was worked out from: a policy changes rarely, lines are many. */
  private revision = -1;

  constructor(
    private readonly spec: FunctionSpec,
    private readonly stream: string,
    private readonly options: FunctionLogOptions,
  ) {}

  write(text: string): void {
    const { iam, logs } = this.options;
    if (this.revision !== iam.revision) {
      this.revision = iam.revision;
      this.allowed = this.mayWrite();
    }
    if (this.allowed) logs.write(this.spec.logGroup, this.stream, text);
  }

  private mayWrite(): boolean {
    const { name, roleName, region, logGroup } = this.spec;
    const { iam, silenced, log } = this.options;
    const resource = `arn:aws:logs:${region}:${LOCAL_ACCOUNT}:log-group:${logGroup}:log-stream:${this.stream}`;
    try {
      const identity = iam.roleIdentity(roleName, name);
      for (const action of ACTIONS) iam.authorize(identity, action, resource);
      silenced.delete(name);
      return true;
    } catch (error) {
      if (!silenced.has(name)) log(`nothing of function ${name} is logged: ${(error as Error).message}`);
      silenced.add(name);
      return false;
    }
  }
}
