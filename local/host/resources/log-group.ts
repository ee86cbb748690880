import type { Inputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import type { ResourceKind, Services } from "../services";

function put(services: Services, inputs: Inputs): void {
  const days = Number(inputs.retentionInDays);
  services.logs.putGroup(String(inputs.name), days > 0 ? days : undefined);
}

export const logGroup: ResourceKind = {
  type: "aws:cloudwatch/logGroup:LogGroup",
  async create(services, { inputs }) {
    const name = String(inputs.name);
    if (services.find(this.type, name)) {
      throw new AwsError("ResourceAlreadyExistsException", `The log group ${name} already exists.`);
    }
    put(services, inputs);
    return { id: name, outputs: { arn: arn("logs", String(inputs.region), `log-group:${name}`) } };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    put(services, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    services.logs.removeGroup(record.id);
  },
};
