/** AWS services that may take on a role on this machine. */
export type RoleService = "lambda.amazonaws.com" | "ec2.amazonaws.com" | "dlm.amazonaws.com";

export interface Identity {
  /** arn:aws:iam::000000000000:user/nami, or arn:aws:sts::000000000000:assumed-role/<role>/<session>. */
  arn: string;
  /** Absent for the administrator, who may do everything. */
  roleName?: string;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface SignedRequest {
  method: string;
  /** Path with query, as sent. */
  url: string;
  /** Lower-cased names. */
  headers: Record<string, string | undefined>;
  body: Buffer;
}

export interface PolicyDocument {
  Version?: string;
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: unknown;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Roles, their policies and the signatures made with their keys. */
export interface Iam {
  /** Rises with every change of a role or a policy: what was worked out from them is to be worked out anew. */
  readonly revision: number;
  putRole(name: string, trustPolicy: PolicyDocument): void;
  removeRole(name: string): void;
  hasRole(name: string): boolean;
  /** Throws AwsError NoSuchEntity, MalformedPolicyDocument. */
  checkRolePolicy(role: string, policy: string, document: PolicyDocument): void;
  putRolePolicy(role: string, policy: string, document: PolicyDocument): void;
  removeRolePolicy(role: string, policy: string): void;
  /** The keys a role's function or instance is given; the same after a restart. Throws when the role or the trust is missing. */
  credentialsFor(role: string, service: RoleService): Credentials;
  /** Verifies SigV4. Throws AwsError MissingAuthenticationToken, InvalidClientTokenId, SignatureDoesNotMatch, RequestExpired. */
  authenticate(request: SignedRequest): { identity: Identity; service: string; region: string };
  /** Throws AwsError AccessDenied: "User: <arn> is not authorized to perform: <action> on resource: <resource> because no identity-based policy allows the <action> action". */
  authorize(identity: Identity, action: string, resource: string, context?: Record<string, string>): void;
  /** For the poller and others that act as a role without a signature. */
  roleIdentity(role: string, session: string): Identity;
}
