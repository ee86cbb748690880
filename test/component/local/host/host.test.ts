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

  it("keeps its token, its file and its settings to itself", async () => {
    for (const file of [paths.hostToken, paths.hostFile, paths.hostSettings, paths.hostDatabase]) {
      assert.equal(statSync(file(local.home)).mode & 0o777, 0o600, file(local.home));
    }
  });

  it("is given back a volume with what is on it, free of the instance it was attached to, once", async () => {
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

  it("answers nobody without the token", async () => {
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

  it("is the only one of its NAMI_HOME", async () => {
    await assert.rejects(createHost({ home: local.home }), { code: "HOST_ALREADY_RUNNING" });
    assert.equal((await hostStatus(local.home)).pid, process.pid);
  });

  it("says when it does not run", async () => {
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

  it("takes over what the engine does not know instead of making it twice, with what is in it", async () => {
    const first = await create(QUEUE, "queue", { name: "orders", visibilityTimeoutSeconds: 10 });
    await local.host.services.queues.send("orders", "kept");
    const second = await create(QUEUE, "queue", { name: "orders", visibilityTimeoutSeconds: 20 });
    assert.equal(second.id, first.id);
    assert.equal((await read(QUEUE, first.id)).inputs.visibilityTimeoutSeconds, 20);
    assert.equal(local.host.services.queues.counts("orders").visible, 1);
  });

  it("leaves what the engine knows: a replacement stands beside it", async () => {
    const first = await create(QUEUE, "queue", { name: "old" });
    const second = await create(QUEUE, "queue", { name: "new" }, [first.id]);
    assert.notEqual(second.id, first.id);
    assert.equal((await read(QUEUE, first.id)).id, first.id);
  });

  it("removes what it cannot change into what is wanted, as soon as nothing uses it", async () => {
    const role = await create(ROLE, "role", { name: "old", assumeRolePolicy: trust });
    const policy = { policy: '{"Version":"2012-10-17","Statement":[]}' };
    const attached = await create(POLICY, "policy", { ...policy, name: "p", role: role.id });
    await create(ROLE, "role", { name: "new", assumeRolePolicy: trust });
    assert.equal((await read(ROLE, "old")).id, "old");
    await remove(POLICY, "policy", attached.id);
    await assert.rejects(read(ROLE, "old"), /ResourceNotFoundException/);
    assert.equal((await read(ROLE, "new")).id, "new");
  });

  it("never deletes a volume to make place", async () => {
    const zone = (availabilityZone: string) => ({ availabilityZone, size: 1 });
    const first = await create(VOLUME, "volume", zone("us-east-1a"));
    const second = await create(VOLUME, "volume", zone("us-east-1b"));
    assert.notEqual(second.id, first.id);
    assert.equal((await read(VOLUME, first.id)).id, first.id);
  });

  it("deletes no role in use, and what is gone without complaint", async () => {
    const role = await create(ROLE, "role", { name: "used", assumeRolePolicy: trust });
    await create(POLICY, "policy", {
      name: "p",
      role: role.id,
      policy: '{"Version":"2012-10-17","Statement":[]}',
    });
    await assert.rejects(remove(ROLE, "role", role.id), /DeleteConflict/);
    await remove(QUEUE, "queue", "http://127.0.0.1/nothing");
  });

  it("notices that its database was lost, and says so from then on", async () => {
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

  it("starts without what cannot come back, and names it", async () => {
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

  it("refuses settings it cannot read, and a listening address that is none", async () => {
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

  it("lets go of everything when its gateway's port is taken", async () => {
    const taken = new URL(local.host.file.gatewayUrl).host;
    const home = join(local.home, "second");
    await assert.rejects(createHost({ home, listen: taken }), { code: "PORT_TAKEN" });
    const other = await createHost({ home, listen: "127.0.0.1:0" });
    await other.close();
  });
});
