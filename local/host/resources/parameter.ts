import type { Inputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import type { ResourceKind, Services } from "../services";

function put(services: Services, inputs: Inputs): void {
  const type = inputs.type === "SecureString" ? "SecureString" : "String";
  services.parameters.put(String(inputs.name), String(inputs.value), type);
}

/** The type of a parameter's ARN has no second slash: parameter/a/b for /a/b, parameter/a for a. */
function parameterArn(inputs: Inputs): string {
  const name = String(inputs.name);
  return arn("ssm", String(inputs.region), `parameter${name.startsWith("/") ? "" : "/"}${name}`);
}

export const parameter: ResourceKind = {
  type: "aws:ssm/parameter:Parameter",
  async create(services, { inputs }) {
    const name = String(inputs.name);
    if (services.find(this.type, name)) {
      const message =
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
      throw new AwsError("ParameterAlreadyExists", message);
    }
    put(services, inputs);
    return { id: name, outputs: { arn: parameterArn(inputs), hasValueWo: false, version: 1 } };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async adopt(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    put(services, inputs);
    const changed = inputs.value !== record.inputs.value || inputs.type !== record.inputs.type;
    return { ...record.outputs, version: Number(record.outputs.version) + (changed ? 1 : 0) };
  },
  async delete(services, record) {
    services.parameters.remove(record.id);
  },
};
