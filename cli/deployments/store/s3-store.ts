import { S3 } from "@aws-sdk/client-s3";
import { s3Error } from "./s3-errors";
import { type S3Place, s3Place } from "./s3-url";
import type { Kept, Listed, Store } from "./store";

/** Milliseconds: an endpoint that swallows everything must not hold a command for minutes. */
const TIMES = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** Two wrote at the very same moment: S3 lets neither in and wants to be asked again. */
const AGAIN = "ConditionalRequestConflict";
/** The condition does not hold; what should have had the tag may also be gone. */
const REFUSED = /^(PreconditionFailed|NoSuchKey)$/;

const nameOf = (error: unknown) => (error as Error).name;

/** Stores of other makers often know no checksums: only what S3 itself demands is sent to them. */
function clientOf({ client }: S3Place): S3 {
  const { endpoint } = client;
  const checksums = endpoint
    ? ({ requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED" } as const)
    : {};
  return new S3({ ...client, ...checksums, requestHandler: TIMES });
}

/** With its length: the SDK does not count an empty text, and warns on the console of a stream. */
function content(body: string): { Body: Buffer; ContentLength: number } {
  const bytes = Buffer.from(body);
  return { Body: bytes, ContentLength: bytes.length };
}

/** The objects of an s3:// state: AWS's own S3 or one that speaks its protocol. */
export class S3Store implements Store {
  private readonly place: S3Place;
  private readonly s3: S3;
  /** How far S3's clock is ahead of ours, in milliseconds, by its last answer. */
  private ahead = 0;

  constructor(
    private readonly state: string,
    env: NodeJS.ProcessEnv,
  ) {
    this.place = s3Place(state, env);
    this.s3 = clientOf(this.place);
    this.s3.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const { date } = (answer.response as { headers?: Record<string, string> }).headers ?? {};
        if (date) this.ahead = Date.parse(date) - Date.now();
        return answer;
      },
      { step: "deserialize", priority: "high", name: "namiServerTime" },
    );
  }

  list(prefix: string): Promise<Listed[]> {
    return this.told(async () => {
      const found: Listed[] = [];
      const { bucket: Bucket, prefix: root } = this.place;
      for (let ContinuationToken: string | undefined, more = true; more; ) {
        const page = await this.s3.listObjectsV2({ Bucket, Prefix: root + prefix, ContinuationToken });
        for (const { Key = "", LastModified = new Date(0) } of page.Contents ?? [])
          found.push({ key: Key.slice(root.length), modifiedAt: LastModified });
        ContinuationToken = page.NextContinuationToken;
        more = page.IsTruncated === true;
      }
      return found.sort((a, b) => (a.key < b.key ? -1 : 1));
    });
  }

  read(key: string): Promise<Kept | undefined> {
    return this.told(async () => {
      const answer = await this.s3.getObject(this.at(key)).catch((error: unknown) => {
        if (nameOf(error) === "NoSuchKey") return undefined;
        throw error;
      });
      if (!answer) return undefined;
      const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      const modifiedAt = answer.LastModified ?? new Date(0);
      const age = () => Date.now() + this.ahead - modifiedAt.getTime();
      return { body, tag: answer.ETag ?? "", modifiedAt, age };
    });
  }

  async write(key: string, body: string): Promise<void> {
    await this.told(() => this.s3.putObject({ ...this.at(key), ...content(body) }));
  }

  create(key: string, body: string): Promise<string | undefined> {
    return this.put(key, body, { IfNoneMatch: "*" });
  }

  replace(key: string, body: string, tag: string): Promise<string | undefined> {
    return this.put(key, body, { IfMatch: tag });
  }

  async remove(key: string, tag?: string): Promise<void> {
    await this.told(() =>
      this.s3.deleteObject({ ...this.at(key), IfMatch: tag }).catch((error: unknown) => {
        if (!REFUSED.test(nameOf(error))) throw error;
      }),
    );
  }

  private put(
    key: string,
    body: string,
    condition: { IfNoneMatch: string } | { IfMatch: string },
  ): Promise<string | undefined> {
    return this.told(async () => {
      for (;;) {
        try {
          return (await this.s3.putObject({ ...this.at(key), ...content(body), ...condition })).ETag;
        } catch (error) {
          if (REFUSED.test(nameOf(error))) return undefined;
          if (nameOf(error) !== AGAIN) throw error;
        }
      }
    });
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: this.place.prefix + key };
  }

  private async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw s3Error(error, this.state, this.place);
    }
  }
}
