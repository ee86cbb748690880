import { defaultVpcPart } from "../region";
import type { Host, Target } from "./resources";

interface VpcConfig {
  securityGroupIds: string[];
  subnetIds: string[];
}

/**
 * A function that asks for it takes on other security groups before it goes, so that its own need not wait for AWS to
 * free the interfaces it leaves behind (lambda/function.go, replaceSecurityGroupsOnDestroy).
 */
export async function replaceGroups(host: Host, target: Target): Promise<void> {
  const record = await host.read(target);
  const config = record?.inputs.vpcConfig as VpcConfig | undefined;
  if (!record?.inputs.replaceSecurityGroupsOnDestroy || !config?.securityGroupIds.length) return;
  const others = record.inputs.replacementSecurityGroupIds as string[] | undefined;
  const securityGroupIds = others ?? [defaultVpcPart("sg", String(record.inputs.region))];
  await host.update({
    ...target,
    inputs: { ...record.inputs, vpcConfig: { ...config, securityGroupIds } },
  });
}
