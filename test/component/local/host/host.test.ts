import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { controlRequest, hostStatus } from "../../../../local/host/client";
import { createHost } from "../../../../local/host/host";
import { paths } from "../../../../local/paths";
import type { HostSettings } from "../../../../local/protocol";
import { resources, type TestHost, testHost, urn } from "../../../support/host";

const QUEUE = "aws:sqs/queue:Queue";
const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const VOLUME = "aws:ebs/volume:Volume";
type Resources = ReturnType<typeof resources>;
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

describe("the host", function () {
  this.timeout(20_000);
  let local: TestHost;
  beforeEach(async () => {
    local = await testHost();
  });
  afterEach(() => local.remove());

  const create = (...args: Parameters<Resources["create"]>) => resources(local).create(...args);
  const read = (...args: Parameters<Resources["read"]>) => resources(local).read(...args);
  const remove = (...args: Parameters<Resources["remove"]>) => resources(local).remove(...args);

  it("keeps its token, file, settings and database readable by the owner only", async () => {
    for (const file of [paths.hostToken, paths.hostFile, paths.hostSettings, paths.hostDatabase]) {
      assert.equal(statSync(file(local.home)).mode & 0o777, 0o600, file(local.home));
    }
  });

  it("adopts a volume with its data, detached from its old instance, also when asked twice", async () => {
    const id = "vol-00000000000000001";
    const folder = join(paths.host(local.home), "volumes", id);
    mkdirSync(join(folder, "data"), { recursive: true });
    writeFileSync(join(folder, "data", "documents"), "kept");
    writeFileSync(join(folder, "attached"), "i-gone");
    const inputs = { availabilityZone: "us-east-1a", size: 20, region: "us-east-1" };
    const body = { urn: urn("data"), type: VOLUME, id, inputs, outputs: { ...inputs, arn: "arn:1" } };
    for (let i = 0; i < 2; i++) await controlRequest(local.home, "/resources/adopt", body);
    const { outputs } = await read(VOLUME, id);
    assert.deepEqual(outputs, { arn: "arn:1" });
    assert.equal(readFileSync(join(folder, "data", "documents"), "utf8"), "kept");
    assert.throws(() => statSync(join(folder, "attached")), /ENOENT/);
    const queue = { ...body, type: QUEUE, id: "q" };
    await assert.rejects(controlRequest(local.home, "/resources/adopt", queue), /cannot be given back/);
  });

  it("keeps a queue with events when a run that does not know it makes another, and discards an empty one", async () => {
    const { queues } = local.host.services;
    const first = await create(QUEUE, "kept", { name: "full" });
    await queues.send("full", "acknowledged");
    await create(QUEUE, "kept", { name: "empty" });
    assert.deepEqual([queues.has("full"), queues.has("empty")], [true, true]);
    await create(QUEUE, "kept", { name: "third" }, [first.id]);
    assert.deepEqual([queues.has("full"), queues.has("empty")], [true, false]);
  });

  it("answers 401 to a request without the token", async () => {
    const status = await new Promise((resolve, reject) => {
      const url = `${local.host.file.controlUrl}/status`;
      request(url, { headers: { authorization: "Bearer wrong" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    assert.equal(status, 401);
  });

  it("refuses a second host of the same NAMI_HOME", async () => {
    await assert.rejects(createHost({ home: local.home }), { code: "HOST_ALREADY_RUNNING" });
    assert.equal((await hostStatus(local.home)).pid, process.pid);
  });

  it("is reported as HOST_NOT_RUNNING after it was closed", async () => {
    await local.host.close();
    await assert.rejects(hostStatus(local.home), { code: "HOST_NOT_RUNNING" });
    await local.restart();
  });

  it("comes back with its resources, its ports and its addresses", async () => {
    const { id, outputs } = await create(QUEUE, "queue", { name: "orders" });
    assert.equal(outputs.arn, "arn:aws:sqs:us-east-1:000000000000:orders");
    await local.host.services.queues.send("orders", "kept");
    const { awsUrl, gatewayUrl } = local.host.file;
    await local.restart();
    assert.deepEqual([local.host.file.awsUrl, local.host.file.gatewayUrl], [awsUrl, gatewayUrl]);
    assert.deepEqual((await read(QUEUE, id)).outputs, outputs);
    assert.equal(local.host.services.queues.counts("orders").visible, 1);
    assert.deepEqual(local.host.status().broken, []);
  });

  it("refuses a second queue of one name as SQS does", async () => {
    await create(QUEUE, "one", { name: "orders" });
    await assert.rejects(create(QUEUE, "two", { name: "orders" }), /QueueNameExists/);
  });

  it("takes over a queue that the engine does not know, with its messages, instead of making another", async () => {
    const first = await create(QUEUE, "queue", { name: "orders", visibilityTimeoutSeconds: 10 });
    await local.host.services.queues.send("orders", "kept");
    const second = await create(QUEUE, "queue", { name: "orders", visibilityTimeoutSeconds: 20 });
    assert.equal(second.id, first.id);
    assert.equal((await read(QUEUE, first.id)).inputs.visibilityTimeoutSeconds, 20);
    assert.equal(local.host.services.queues.counts("orders").visible, 1);
  });

  it("makes a replacement beside a queue that the engine knows", async () => {
    const first = await create(QUEUE, "queue", { name: "old" });
    const second = await create(QUEUE, "queue", { name: "new" }, [first.id]);
    assert.notEqual(second.id, first.id);
    assert.equal((await read(QUEUE, first.id)).id, first.id);
  });

  it("removes a role that it cannot change in place, as soon as nothing uses it", async () => {
    const role = await create(ROLE, "role", { name: "old", assumeRolePolicy: trust });
    const policy = { policy: '{"Version":"2012-10-17","Statement":[]}' };
    const attached = await create(POLICY, "policy", { ...policy, name: "p", role: role.id });
    await create(ROLE, "role", { name: "new", assumeRolePolicy: trust });
    assert.equal((await read(ROLE, "old")).id, "old");
    await remove(POLICY, "policy", attached.id);
    await assert.rejects(read(ROLE, "old"), /ResourceNotFoundException/);
    assert.equal((await read(ROLE, "new")).id, "new");
  });

  it("never deletes a volume in favour of its replacement", async () => {
    const zone = (availabilityZone: string) => ({ availabilityZone, size: 1 });
    const first = await create(VOLUME, "volume", zone("us-east-1a"));
    const second = await create(VOLUME, "volume", zone("us-east-1b"));
    assert.notEqual(second.id, first.id);
    assert.equal((await read(VOLUME, first.id)).id, first.id);
  });

  it("refuses to delete a role in use, and accepts the deletion of what does not exist", async () => {
    const role = await create(ROLE, "role", { name: "used", assumeRolePolicy: trust });
    await create(POLICY, "policy", {
      name: "p",
      role: role.id,
      policy: '{"Version":"2012-10-17","Statement":[]}',
    });
    await assert.rejects(remove(ROLE, "role", role.id), /DeleteConflict/);
    await remove(QUEUE, "queue", "http://127.0.0.1/nothing");
  });

  it("notices that its database was lost, and reports it over restarts", async () => {
    const { id } = await create(QUEUE, "queue", { name: "orders" });
    assert.equal(local.host.status().databaseLostAt, undefined);
    await local.host.close();
    for (const end of ["", "-wal", "-shm"]) rmSync(paths.hostDatabase(local.home) + end, { force: true });
    await local.restart();
    const { databaseLostAt } = local.host.status();
    assert.match(databaseLostAt!, /^\d{4}-/);
    await assert.rejects(read(QUEUE, id), /ResourceNotFoundException/);
    await local.restart();
    assert.equal(local.host.status().databaseLostAt, databaseLostAt);
  });

  it("starts without a resource that cannot come back, and names it", async () => {
    const policy = { name: "p", role: "ghost", policy: '{"Version":"2012-10-17","Statement":[]}' };
    const role = await create(ROLE, "role", { name: "ghost", assumeRolePolicy: trust });
    await create(POLICY, "policy", policy);
    const database = paths.hostDatabase(local.home);
    await local.host.close();
    const { DatabaseSync } = require("node:sqlite") as typeof import("node:sqlite");
    const sql = new DatabaseSync(database);
    sql.prepare("DELETE FROM resources WHERE id = ?").run(role.id);
    sql.close();
    await local.restart();
    assert.deepEqual(
      local.host.status().broken.map((one) => one.urn),
      [urn("policy")],
    );
  });

  it("refuses settings it cannot read, and an invalid listening address", async () => {
    await local.host.close();
    const file = paths.hostSettings(local.home);
    const settings = readFileSync(file, "utf8");
    writeFileSync(file, "{");
    await assert.rejects(createHost({ home: local.home }), { code: "HOST_SETTINGS_INVALID" });
    writeFileSync(file, settings);
    await assert.rejects(createHost({ home: local.home, listen: "nowhere" }), { code: "LISTEN_INVALID" });
    await local.restart();
    assert.match((JSON.parse(settings) as HostSettings).listen, /^127\.0\.0\.1:\d+$/);
  });

  it("releases everything it has opened when the port of its gateway is taken", async () => {
    const taken = new URL(local.host.file.gatewayUrl).host;
    const home = join(local.home, "second");
    await assert.rejects(createHost({ home, listen: taken }), { code: "PORT_TAKEN" });
    const other = await createHost({ home, listen: "127.0.0.1:0" });
    await other.close();
  });
});
