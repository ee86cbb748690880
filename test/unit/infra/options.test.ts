import assert from "node:assert/strict";
import {
  durationText,
  parseOption,
  range,
  STORED_SECRET,
  seconds,
  secretReference,
} from "../../../infra/option-values";
import { type OptionName, options, type Written } from "../../../infra/options";
import { optionsPage } from "../../../infra/options-page";
import { checkOptions, errorLine, optionNamed, resolve } from "../../../infra/resolve-options";
import { rules } from "../../../infra/rules";
import { fromConfig, toConfig } from "../../../infra/stack-config";

describe("option schema", () => {
  it("every option has its own flag, environment variable and config key", () => {
    const { flag, env, configKey } = optionNamed("preQueueMemory");
    assert.deepEqual(
      [flag, env, configKey],
      ["pre-queue-memory", "NAMI_PRE_QUEUE_MEMORY", "nami:preQueueMemory"],
    );
    assert.equal(optionNamed("region").configKey, "aws:region");
    for (const key of ["flag", "env", "configKey"] as const)
      assert.equal(new Set(options.map((option) => option[key])).size, options.length, `${key}s are unique`);
  });

  it("the defaults pass the checks and are the documented ones", () => {
    assert.deepEqual(checkOptions({}), []);
    assert.deepEqual(resolve({}), {
      target: "local",
      region: "us-east-1",
      verify: "none",
      verifyEncoding: "hex",
      verifyAlgorithm: "sha256",
      preQueueMemory: 256,
      preQueueTimeout: 10,
      postQueueMemory: 512,
      postQueueTimeout: 30,
      concurrency: 5,
      batchSize: 10,
      batchWindow: 0,
      maxReceives: 5,
      retention: 345_600,
      deadLetterRetention: 1_209_600,
      mongoVersion: "8.0",
      mongoPort: 27_017,
      instanceType: "t4g.small",
      volumeSize: 20,
      snapshots: 0,
      vpc: "default",
      egress: "none",
      alarms: "on",
      dashboard: "on",
      logRetention: "14d",
      accessLog: "14d",
    });
  });
});

describe("durations", () => {
  const table: [string, number | undefined][] = [
    ["90s", 90],
    ["15m", 900],
    ["12h", 43_200],
    ["4d", 345_600],
    ["30", 30],
    ["0", 0],
    ["1.5h", undefined],
    ["-1s", undefined],
    ["4 d", undefined],
    ["4w", undefined],
    ["", undefined],
    ["s", undefined],
    ["99999999999s", undefined],
  ];
  for (const [text, expected] of table)
    it(`the duration "${text}" is read as ${expected} seconds`, () => assert.equal(seconds(text), expected));

  it("a written duration is read back as the same number of seconds", () => {
    for (const value of [0, 1, 59, 60, 90, 3600, 86_400, 90_000, 1_209_600])
      assert.equal(seconds(durationText(value)), value);
    assert.equal(durationText(1_209_600), "14d");
  });
});

describe("one option", () => {
  const accepted: [Parameters<typeof optionNamed>[0], string | number, unknown][] = [
    ["target", "aws", "aws"],
    ["region", "ap-southeast-2", "ap-southeast-2"],
    ["region", "us-gov-west-1", "us-gov-west-1"],
    ["preQueueMemory", 128, 128],
    ["preQueueMemory", "10240", 10_240],
    ["preQueueTimeout", "29", 29],
    ["postQueueTimeout", "15m", 900],
    ["retention", "60s", 60],
    ["batchWindow", "0", 0],
    ["mongoUri", "@-", { from: "stdin" }],
    ["mongoUri", "env:URI", { from: "env", name: "URI" }],
    ["mongoUri", "file:/run/a b", { from: "file", path: "/run/a b" }],
    ["preQueue", "./hooks/pre.ts", "./hooks/pre.ts"],
    ["mongoVersion", "8.0.12", "8.0.12"],
    ["instanceType", "m7g.xlarge", "m7g.xlarge"],
    ["instanceType", "u-6tb1.112xlarge", "u-6tb1.112xlarge"],
    ["vpc", "vpc-0a1b2c3d4e5f67890", "vpc-0a1b2c3d4e5f67890"],
    ["keep", "90d", 7_776_000],
    ["logRetention", "30d", "30d"],
    ["throttles", "orders=200/400,invoices=50", "orders=200/400,invoices=50"],
    ["domain", "hooks.example.com", "hooks.example.com"],
    ["alarmEmail", "ops+nami@example.co.uk", "ops+nami@example.co.uk"],
  ];
  for (const [name, written, value] of accepted)
    it(`takes ${name} ${written}`, () =>
      assert.deepEqual(parseOption(optionNamed(name), written), { value }));

  const refused: [Parameters<typeof optionNamed>[0], string | number, RegExp][] = [
    ["target", "gcp", /must be local or aws, not "gcp"/],
    ["region", "Frankfurt", /must look like eu-central-1, not "Frankfurt"/],
    ["preQueueMemory", 127, /128\.\.10240 MB, not "127"/],
    ["preQueueMemory", 10_241, /128\.\.10240 MB/],
    ["preQueueMemory", "256.5", /whole number/],
    ["preQueueMemory", "1e3", /whole number/],
    ["preQueueTimeout", "30s", /1s\.\.29s/],
    ["postQueueTimeout", "901", /1s\.\.15m/],
    ["concurrency", 1, /2\.\.1000/],
    ["retention", "59s", /1m\.\.14d/],
    ["retention", "forever", /must be a duration such as 90s, 15m, 12h or 4d/],
    ["mongoPort", 0, /1\.\.65535/],
    ["preQueue", " ", /a \.ts, \.js, \.mjs or \.cjs file/],
    ["preQueue", "README.md", /a \.ts, \.js, \.mjs or \.cjs file/],
    ["mongoVersion", "latest", /must look like 7\.0, 8\.0, 8\.2/],
    ["mongoVersion", "9.0", /must look like/],
    ["throttles", "orders=0", /must look like/],
    ["instanceType", "small", /must look like t4g\.small/],
    ["vpc", "subnet-1", /must look like default, new or vpc-/],
    ["egress", "all", /must be none or ipv6 or nat/],
    ["volumeSize", 1, /2\.\.16384 GB/],
    ["keep", "59m", /1h\.\.3650d/],
    ["logRetention", "2d", /must be 1d or 3d/],
    ["throttles", "orders", /must look like orders=200/],
    ["domain", "https://hooks.example.com/", /must look like hooks/],
    ["alarmEmail", "ops", /must look like ops@/],
  ];
  for (const [name, written, message] of refused)
    it(`the value "${written}" of ${name} is refused`, () => {
      const parsed = parseOption(optionNamed(name), written);
      assert.match("message" in parsed ? parsed.message : "accepted", message);
    });

  it("a secret given as its value is refused and not repeated", () => {
    const parsed = parseOption(optionNamed("mongoUri"), "mongodb://me:hunter2@db.example");
    assert.ok("message" in parsed);
    assert.match(parsed.message, /@-, env:NAME or file:PATH/);
    assert.doesNotMatch(parsed.message, /hunter2/);
    assert.equal(secretReference("env:"), undefined);
  });

  it("every option has a text for its range", () => {
    for (const option of options) assert.ok(range(option).length > 0, option.name);
  });
});

describe("all options", () => {
  it("checkOptions reports every error at once", () => {
    const errors = checkOptions({
      target: "gcp",
      preQueueMemory: 1,
      batchSize: 100,
      retention: "14d",
      deadLetterRetention: "1d",
      mongoUri: "env:URI",
      mongoPort: 27_018,
    });
    assert.deepEqual(
      errors.map(({ option }) => option),
      ["target", "preQueueMemory", "batchWindow", "deadLetterRetention", "mongoPort"],
    );
    assert.equal(errorLine(errors[2]!), "--batch-window must be at least 1s when --batch-size is above 10");
    assert.throws(() => resolve({ target: "gcp", preQueueMemory: 1 }), {
      code: "OPTIONS_INVALID",
      exitCode: 2,
      message: /--target must be .*\n--pre-queue-memory must be /,
    });
  });

  it("no rule is judged on a value that could not be read", () => {
    const errors = checkOptions({ batchSize: 100, batchWindow: "soon" });
    assert.deepEqual(
      errors.map(({ option }) => option),
      ["batchWindow"],
    );
  });

  const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/12ab";
  const broken: [Written, OptionName][] = [
    [{ visibilityTimeout: "179s" }, "visibilityTimeout"],
    [{ visibilityTimeout: "180s", batchWindow: "1s" }, "visibilityTimeout"],
    [{ mongoUri: "@-", instanceType: "t4g.small" }, "instanceType"],
    [{ mongoUri: "@-", volumeSize: 30 }, "volumeSize"],
    [{ mongoUri: "@-", snapshots: 7 }, "snapshots"],
    [{ mongoUri: "@-", zone: "us-east-1b" }, "zone"],
    [{ target: "aws", region: "eu-west-1", zone: "us-east-1b" }, "zone"],
    [{ mongoUri: "@-", mongoVersion: "8.0" }, "mongoVersion"],
    [{ mongoUri: "@-", vpc: "new" }, "vpc"],
    [{ egress: "nat" }, "egress"],
    [{ egress: "ipv6" }, "egress"],
    [{ alarms: "off", alarmEmail: "ops@example.com" }, "alarmEmail"],
    [{ target: "aws", region: "eu-east-1" }, "region"],
    [{ domain: "hooks.example.com" }, "domain"],
    [{ certificateArn }, "certificateArn"],
    [{ domain: "hooks.example.com", certificateArn, region: "eu-central-1" }, "certificateArn"],
    [{ throttles: "orders=5,orders=7" }, "throttles"],
    [{ instanceType: "t2.small" }, "instanceType"],
    [{ instanceType: "a1.medium" }, "instanceType"],
  ];
  for (const [written, option] of broken)
    it(`${JSON.stringify(written)} is refused for --${optionNamed(option).flag}`, () =>
      assert.deepEqual(
        checkOptions(written).map((error) => error.option),
        [option],
      ));

  it("docs/options.md holds every rule", () => {
    for (const { text } of rules) assert.ok(optionsPage().includes(text), text);
  });

  const fine = [
    { batchSize: 100, batchWindow: "1s" },
    { visibilityTimeout: "180s" },
    { visibilityTimeout: "12h", postQueueTimeout: "15m" },
    { vpc: "new", egress: "ipv6" },
    { vpc: "vpc-0a1b2c3d", egress: "nat" },
    { mongoUri: "@-", vpc: "vpc-0a1b2c3d" },
    { target: "local", region: "eu-east-1" },
    { target: "aws", region: "eu-north-1" },
    { domain: "hooks.example.com", certificateArn, region: "eu-west-1" },
    { throttleRate: 10 },
    { batchSize: 10 },
    { retention: "14d" },
    { retention: "2d", deadLetterRetention: "2d" },
    { mongoPort: 27_018 },
    { target: "aws", region: "eu-west-1", zone: "eu-west-1c" },
    { mongoUri: "@-" },
  ];
  for (const written of fine)
    it(`${JSON.stringify(written)} breaks no rule`, () => assert.deepEqual(checkOptions(written), []));
});

describe("stack config", () => {
  it("the stack config keeps what was typed, with secrets as secrets, and gives it back", () => {
    const written = {
      target: "local",
      region: "eu-west-1",
      retention: "2d",
      batchSize: 20,
      mongoUri: "env:URI",
    };
    const config = toConfig(written, { mongoUri: "mongodb://secret" });
    assert.deepEqual(config, {
      "nami:target": { value: "local" },
      "aws:region": { value: "eu-west-1" },
      "nami:batchSize": { value: "20" },
      "nami:retention": { value: "2d" },
      "nami:mongoUri": { value: "mongodb://secret", secret: true },
    });
    const back = fromConfig({ ...config, "nami:unheardOf": { value: "1" } });
    assert.deepEqual(back, {
      target: "local",
      region: "eu-west-1",
      retention: "2d",
      batchSize: "20",
      mongoUri: STORED_SECRET,
    });
    assert.deepEqual(resolve({ ...back, batchWindow: 1 }).mongoUri, { from: "config" });
  });

  it("the stack config holds no reference in place of a secret", () => {
    assert.deepEqual(toConfig({ mongoUri: "env:URI" }), {});
  });
});
