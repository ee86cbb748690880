import type { TypeTable } from "../property-table";
import { api } from "./api";
import { apiMapping } from "./api-mapping";
import { dashboard } from "./dashboard";
import { domainName } from "./domain-name";
import { egressOnlyInternetGateway } from "./egress-only-internet-gateway";
import { eip } from "./eip";
import { eventRule } from "./event-rule";
import { eventSourceMapping } from "./event-source-mapping";
import { eventTarget } from "./event-target";
import { lambdaFunction } from "./function";
import { instance } from "./instance";
import { instanceProfile } from "./instance-profile";
import { integration } from "./integration";
import { internetGateway } from "./internet-gateway";
import { lifecyclePolicy } from "./lifecycle-policy";
import { logGroup } from "./log-group";
import { logMetricFilter } from "./log-metric-filter";
import { metricAlarm } from "./metric-alarm";
import { natGateway } from "./nat-gateway";
import { parameter } from "./parameter";
import { permission } from "./permission";
import { queue } from "./queue";
import { queuePolicy } from "./queue-policy";
import { redriveAllowPolicy } from "./redrive-allow-policy";
import { role } from "./role";
import { rolePolicy } from "./role-policy";
import { rolePolicyAttachment } from "./role-policy-attachment";
import { route } from "./route";
import { routeTable } from "./route-table";
import { routeTableAssociation } from "./route-table-association";
import { securityGroup } from "./security-group";
import { securityGroupEgressRule, securityGroupIngressRule } from "./security-group-rule";
import { stage } from "./stage";
import { subnet } from "./subnet";
import { topic } from "./topic";
import { topicPolicy } from "./topic-policy";
import { topicSubscription } from "./topic-subscription";
import { volume } from "./volume";
import { volumeAttachment } from "./volume-attachment";
import { vpc } from "./vpc";
import { vpcRoute } from "./vpc-route";

/** Every AWS resource type of the local target. */
export const typeTables: readonly TypeTable[] = [
  api,
  egressOnlyInternetGateway,
  eip,
  apiMapping,
  domainName,
  dashboard,
  eventRule,
  eventSourceMapping,
  eventTarget,
  instance,
  instanceProfile,
  integration,
  internetGateway,
  lambdaFunction,
  lifecyclePolicy,
  logGroup,
  natGateway,
  logMetricFilter,
  metricAlarm,
  parameter,
  permission,
  queue,
  queuePolicy,
  redriveAllowPolicy,
  role,
  rolePolicy,
  rolePolicyAttachment,
  route,
  routeTable,
  routeTableAssociation,
  securityGroup,
  securityGroupEgressRule,
  securityGroupIngressRule,
  stage,
  subnet,
  topic,
  topicPolicy,
  topicSubscription,
  volume,
  volumeAttachment,
  vpc,
  vpcRoute,
];

const byType = new Map(typeTables.map((table) => [table.type, table]));

/** @throws Error that names what there is, when the local target has no such type */
export function typeTable(type: string): TypeTable {
  const table = byType.get(type);
  if (table) return table;
  throw new Error(`Nami's local target has no "${type}"; it knows: ${[...byType.keys()].sort().join(", ")}`);
}
