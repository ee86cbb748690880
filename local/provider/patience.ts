/**
 * What terraform-provider-aws 6 (inside pulumi-aws 7) bears with and waits for, by resource type: the files named are
 * its own, under internal/service. A program that works here works there, and the reverse.
 */

/** Refusals that pass by themselves. */
export interface Bearing {
  on: readonly ("create" | "update" | "delete")[];
  /** AWS's exception name and message, as "Name: message". */
  saying: RegExp;
  /** For so long. Seconds. */
  seconds: number;
}

export interface Patience {
  bears?: readonly Bearing[];
  /** How long a state that passes is waited out. Seconds. */
  waits?: { create?: number; update?: number; delete?: number };
}

const MINUTE = 60;

/**
 * lambda/function.go, retryFunctionOp: the texts, and ResourceConflictException. AWS's provider bears with that for a
 * name that is taken, too: here nothing would come of it.
 */
const FUNCTION_PASSES = new RegExp(
  "^InvalidParameterValueException: .*(The role defined for the function cannot be assumed by Lambda" +
    "|The provided execution role does not have permissions|throttled by EC2" +
    "|because the KMS key is invalid for CreateGrant)|^ResourceConflictException: (?!Function already exist)",
);

const whileInUse = (seconds: number): Bearing => ({
  on: ["delete"],
  saying: /^DependencyViolation: /,
  seconds,
});

export const patience: Readonly<Record<string, Patience>> = {
  // lambda/function.go: waitFunctionCreated (Pending → Active), waitFunctionUpdated (InProgress → Successful).
  "aws:lambda/function:Function": {
    bears: [{ on: ["create", "update"], saying: FUNCTION_PASSES, seconds: 5 * MINUTE }],
    waits: { create: 10 * MINUTE, update: 10 * MINUTE },
  },
  // lambda/permission.go: retried while the function is not found or changes. What it allows is not waited for.
  "aws:lambda/permission:Permission": {
    bears: [
      { on: ["create"], saying: /^(ResourceConflict|ResourceNotFound)Exception: /, seconds: 5 * MINUTE },
    ],
  },
  // lambda/event_source_mapping.go: retryEventSourceMapping; waitEventSourceMappingCreated, …Updated, …Deleted.
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    bears: [
      {
        on: ["create", "update"],
        saying:
          /^InvalidParameterValueException: .*(cannot be assumed by Lambda|execution role does not have permissions|ensure the role can perform)/,
        seconds: 5 * MINUTE,
      },
      { on: ["update", "delete"], saying: /^ResourceInUseException: /, seconds: 5 * MINUTE },
    ],
    waits: { create: 10 * MINUTE, update: 10 * MINUTE, delete: 5 * MINUTE },
  },
  // ec2/ec2_instance.go: RunInstances; waitInstanceCreated (pending → running), waitInstanceDeleted (→ terminated).
  "aws:ec2/instance:Instance": {
    bears: [
      {
        on: ["create"],
        saying: /^InvalidParameterValue: .*(Invalid IAM Instance Profile| has no associated IAM Roles)/,
        seconds: 2 * MINUTE,
      },
    ],
    waits: { create: 10 * MINUTE, delete: 20 * MINUTE },
  },
  // ec2/ebs_volume.go: waitVolumeCreated (creating → available); DeleteVolume while VolumeInUse.
  "aws:ebs/volume:Volume": {
    bears: [{ on: ["delete"], saying: /^VolumeInUse: /, seconds: 10 * MINUTE }],
    waits: { create: 5 * MINUTE },
  },
  // ec2/ebs_volume_attachment.go: waitVolumeAttachmentCreated (attaching → attached), …Deleted (detaching → gone).
  "aws:ec2/volumeAttachment:VolumeAttachment": { waits: { create: 5 * MINUTE, delete: 5 * MINUTE } },
  // ec2/vpc_subnet.go, vpc_internet_gateway.go, vpc_.go: their deletes while something stands in them or behind them.
  "aws:ec2/subnet:Subnet": { bears: [whileInUse(20 * MINUTE)] },
  "aws:ec2/internetGateway:InternetGateway": { bears: [whileInUse(20 * MINUTE)] },
  "aws:ec2/vpc:Vpc": { bears: [whileInUse(5 * MINUTE)] },
  // ec2/vpc_nat_gateway.go: waitNATGatewayCreated (pending → available), …Deleted (deleting → deleted).
  "aws:ec2/natGateway:NatGateway": { waits: { create: 10 * MINUTE, delete: 30 * MINUTE } },
  // ec2/vpc_security_group.go: DeleteSecurityGroup while something stands in it.
  "aws:ec2/securityGroup:SecurityGroup": {
    bears: [{ on: ["delete"], saying: /^(DependencyViolation|InvalidGroup\.InUse): /, seconds: 15 * MINUTE }],
  },
  // sqs/queue.go: CreateQueue while one of the name was deleted; waitQueueAttributesPropagated.
  "aws:sqs/queue:Queue": {
    bears: [
      {
        on: ["create"],
        saying: /^(AWS\.SimpleQueueService\.)?QueueDeletedRecently: /,
        seconds: 1.5 * MINUTE,
      },
    ],
    waits: { create: 3 * MINUTE, update: 3 * MINUTE },
  },
  // iam/role.go: DeleteRole while what hung on it is still seen there.
  "aws:iam/role:Role": {
    bears: [{ on: ["delete"], saying: /^DeleteConflict: /, seconds: 2 * MINUTE }],
  },
};

/** Of a type that nothing is waited for. */
export const NO_PATIENCE: Patience = {};
