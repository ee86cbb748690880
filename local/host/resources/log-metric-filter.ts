import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import type { ResourceKind, Services } from "../services";

interface Transformation {
  name: string;
  namespace: string;
  value: string;
  defaultValue?: number;
  dimensions?: Record<string, string>;
}

function put(services: Services, inputs: Inputs): void {
  const { name, namespace, value, defaultValue, dimensions } = inputs.metricTransformation as Transformation;
  services.logMetrics.putFilter({
    logGroup: String(inputs.logGroupName),
    name: String(inputs.name),
    pattern: String(inputs.pattern),
    namespace,
    metricName: name,
    value,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(dimensions && { dimensions }),
  });
}

/** Measures log events as they are written. Its id is `group:filter`: a name is unique within its log group only. */
export const logMetricFilter: ResourceKind = {
  type: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  async create(services, { inputs }) {
    const group = String(inputs.logGroupName);
    if (!services.find("aws:cloudwatch/logGroup:LogGroup", group)) {
      throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
    }
    const id = `${group}:${inputs.name}`;
    if (services.find(this.type, id)) {
      const message = `${group} has a metric filter named ${inputs.name} already.`;
      throw new AwsError("ResourceAlreadyExistsException", message);
    }
    put(services, inputs);
    return { id, outputs: {} };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    put(services, inputs);
    return record.outputs;
  },
  async delete(services, { inputs }) {
    services.logMetrics.removeFilter(String(inputs.logGroupName), String(inputs.name));
  },
};
