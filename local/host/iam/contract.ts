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

export interface SignedHead {
  method: string;
  /** Path with query, as sent. */
  url: string;
  /** Lower-cased names. */
  headers: Record<string, string | undefined>;
}

export interface SignedRequest extends SignedHead {
  body: Buffer;
}

/** Who has signed a request, and for what. */
export interface Signed {
  identity: Identity;
  service: string;
  region: string;
}

/** A request of which only the head is known yet. */
export interface Admission extends Signed {
  /** The signature is right for the hash that the head states of the body; else it cannot be told without the body. */
  proven: boolean;
  /** Throws AwsError SignatureDoesNotMatch when this body is not the one that was signed. */
  finish(body: Buffer): Signed;
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
  /**
   * Verifies SigV4 as far as the head of a request goes, so that a body nobody has signed need not be read.
   * Throws AwsError MissingAuthenticationToken, InvalidClientTokenId, SignatureDoesNotMatch, RequestExpired.
   */
  admit(head: SignedHead): Admission;
  /** `admit`, and its `finish`. */
  authenticate(request: SignedRequest): Signed;
  /** Throws AwsError AccessDenied: "User: <arn> is not authorized to perform: <action> on resource: <resource> because no identity-based policy allows the <action> action". */
  authorize(identity: Identity, action: string, resource: string, context?: Record<string, string>): void;
  /** For the poller and others that act as a role without a signature. */
  roleIdentity(role: string, session: string): Identity;
}
