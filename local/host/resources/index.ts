import type { ResourceKind } from "../services";
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
import { queuePolicy, redriveAllowPolicy } from "./queue-policy";
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

/**
 * Every resource type of the host, in the order in which they come back after a restart: what others refer to
 * comes first. (Order of creation alone is not enough: a replaced role is younger than the function that has it.)
 */
export const resourceKinds: readonly ResourceKind[] = [
  role,
  rolePolicy,
  rolePolicyAttachment,
  instanceProfile,
  logGroup,
  logMetricFilter,
  parameter,
  queue,
  queuePolicy,
  redriveAllowPolicy,
  vpc,
  internetGateway,
  egressOnlyInternetGateway,
  subnet,
  eip,
  natGateway,
  routeTable,
  vpcRoute,
  routeTableAssociation,
  securityGroup,
  securityGroupIngressRule,
  securityGroupEgressRule,
  volume,
  instance,
  volumeAttachment,
  lambdaFunction,
  permission,
  eventRule,
  eventTarget,
  eventSourceMapping,
  api,
  stage,
  domainName,
  apiMapping,
  integration,
  route,
  topic,
  topicPolicy,
  topicSubscription,
  metricAlarm,
  dashboard,
  lifecyclePolicy,
];
