import { join } from "node:path";
import { writeDurably } from "../../durable";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import type {
  Admission,
  Clock,
  Credentials,
  Iam,
  Identity,
  PolicyDocument,
  RoleService,
  Signed,
  SignedHead,
  SignedRequest,
} from "../services";
import { HostSecret } from "./host-secret";
import { Keys } from "./keys";
import { checkPolicy, evaluate, trusts } from "./policy";
import { readClaim, Signatures } from "./signature";

export interface IamOptions {
  /** NAMI_HOME/host: where the secret and the administrator's credentials lie. */
  dir: string;
  clock: Clock;
}

interface Role {
  trustPolicy: PolicyDocument;
  policies: Map<string, PolicyDocument>;
}

/** Who may do what on this machine. Roles live in memory: the host's resources put them back after a restart. */
export class LocalIam implements Iam {
  private readonly roles = new Map<string, Role>();
  private changes = 0;
  private readonly keys: Keys;
  private readonly signatures = new Signatures();

  constructor(private readonly options: IamOptions) {
    this.keys = new Keys(HostSecret.open(options.dir));
    this.writeCredentials();
  }

  /** May do everything; also in `dir`/credentials.json (mode 0600), for the CLI. */
  get administrator(): Credentials {
    return this.keys.administrator;
  }

  get revision(): number {
    return this.changes;
  }

  /** Throws MalformedPolicyDocument. */
  putRole(name: string, trustPolicy: PolicyDocument): void {
    checkPolicy(trustPolicy, `The trust policy of role ${name}`, "trust");
    this.roles.set(name, { trustPolicy, policies: this.roles.get(name)?.policies ?? new Map() });
    this.changes += 1;
  }

  removeRole(name: string): void {
    this.roles.delete(name);
    this.changes += 1;
  }

  hasRole(name: string): boolean {
    return this.roles.has(name);
  }

  checkRolePolicy(role: string, policy: string, document: PolicyDocument): void {
    checkPolicy(document, `Policy ${policy} of role ${role}`, "identity");
    this.role(role);
  }

  /** Throws NoSuchEntity, MalformedPolicyDocument. */
  putRolePolicy(role: string, policy: string, document: PolicyDocument): void {
    this.checkRolePolicy(role, policy, document);
    this.role(role).policies.set(policy, document);
    this.changes += 1;
  }

  removeRolePolicy(role: string, policy: string): void {
    this.roles.get(role)?.policies.delete(policy);
    this.changes += 1;
  }

  /** `session` is the last part of the identity's ARN: on AWS the function's name or the instance's id. */
  credentialsFor(role: string, service: RoleService, session: string = service.split(".")[0]!): Credentials {
    if (trusts(this.role(role).trustPolicy, service)) return this.keys.ofRole({ role, session });
    const text = `The role ${role} cannot be assumed by ${service}: its trust policy does not allow it.`;
    throw new AwsError("InvalidParameterValueException", text);
  }

  admit(head: SignedHead): Admission {
    const claim = readClaim(head);
    const { credentials, identity } = this.owner(claim.accessKeyId, head.headers["x-amz-security-token"]);
    const signer = { claim, secretAccessKey: credentials.secretAccessKey };
    const proven = this.signatures.verifyHead(head, signer, this.options.clock.now());
    const signed = { identity, service: claim.service, region: claim.region };
    return {
      ...signed,
      proven,
      finish: (body) => {
        this.signatures.verifyBody({ ...head, body }, signer, proven);
        return signed;
      },
    };
  }

  authenticate({ body, ...head }: SignedRequest): Signed {
    return this.admit(head).finish(body);
  }

  authorize(
    identity: Identity,
    action: string,
    resource: string,
    context: Record<string, string> = {},
  ): void {
    if (identity.roleName === undefined) return;
    const policies = this.roles.get(identity.roleName)?.policies.values() ?? [];
    const decision = evaluate(policies, { action, resource, context });
    if (decision === "allow") return;
    const why =
      decision === "explicit deny"
        ? "with an explicit deny in an identity-based policy"
        : `because no identity-based policy allows the ${action} action`;
    const text = `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
    throw new AwsError("AccessDenied", text, 403);
  }

  /** Throws NoSuchEntity. */
  roleIdentity(role: string, session: string): Identity {
    this.role(role);
    return { arn: `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/${role}/${session}`, roleName: role };
  }

  /** AWS's UserId, which is also a message's SenderId: AIDA…, or AROA…:session. */
  userId(identity: Identity): string {
    if (identity.roleName === undefined) return this.keys.uniqueId("AIDA", identity.arn);
    return `${this.keys.uniqueId("AROA", identity.roleName)}:${identity.arn.split("/").at(-1)}`;
  }

  private owner(
    accessKeyId: string,
    sessionToken?: string,
  ): { credentials: Credentials; identity: Identity } {
    if (sessionToken === undefined && accessKeyId === this.administrator.accessKeyId) {
      return {
        credentials: this.administrator,
        identity: { arn: `arn:aws:iam::${LOCAL_ACCOUNT}:user/nami` },
      };
    }
    const owner = sessionToken === undefined ? undefined : this.keys.ownerOf(sessionToken);
    const credentials = owner && this.roles.has(owner.role) ? this.keys.ofRole(owner) : undefined;
    if (!owner || credentials?.accessKeyId !== accessKeyId) {
      throw new AwsError(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
      );
    }
    return { credentials, identity: this.roleIdentity(owner.role, owner.session) };
  }

  private role(name: string): Role {
    const role = this.roles.get(name);
    if (!role) throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
    return role;
  }

  private writeCredentials(): void {
    const file = join(this.options.dir, "credentials.json");
    const text = `${JSON.stringify(this.administrator, undefined, 2)}\n`;
    writeDurably(file, text);
  }
}

export function createIam(options: IamOptions): LocalIam {
  return new LocalIam(options);
}
