import { randomUUID } from "node:crypto";
import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import type { ResourceKind, Services } from "../services";
import { functionName } from "./arns";

function put(services: Services, inputs: Inputs, id: string): void {
  services.schedules.putTarget({
    ruleName: String(inputs.rule),
    id,
    functionName: functionName(String(inputs.arn)),
    ...(inputs.input === undefined ? {} : { input: String(inputs.input) }),
  });
}

/** What a rule starts. Its id is `rule-target`: a target's id is unique within its rule only. */
export const eventTarget: ResourceKind = {
  type: "aws:cloudwatch/eventTarget:EventTarget",
  async create(services, { inputs }) {
    const rule = String(inputs.rule);
    if (!services.find("aws:cloudwatch/eventRule:EventRule", rule)) {
      const message = `Rule ${rule} does not exist on EventBus default.`;
      throw new AwsError("ResourceNotFoundException", message);
    }
    const targetId = String(inputs.targetId ?? `terraform-${randomUUID()}`);
    const id = `${rule}-${targetId}`;
    if (services.find(this.type, id)) {
      throw new AwsError(
        "ResourceAlreadyExistsException",
        `Rule ${rule} has a target ${targetId} already.`,
        409,
      );
    }
    put(services, inputs, targetId);
    return { id, outputs: { targetId } };
  },
  async restore(services, { inputs, outputs }) {
    put(services, inputs, String(outputs.targetId));
  },
  async update(services, { outputs }, inputs) {
    put(services, inputs, String(outputs.targetId));
    return outputs;
  },
  async delete(services, { inputs, outputs }) {
    services.schedules.removeTarget(String(inputs.rule), String(outputs.targetId));
  },
};
