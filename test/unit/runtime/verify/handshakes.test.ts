import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { presets } from "../../../../runtime/verify/presets";
import { deployed, json, question, type } from "../../../support/deployed";

/** By preset: what is tested of each that answers whoever asks. */
const told: Record<string, () => void> = {
  asana() {
    it("echoes X-Hook-Secret, whether there is a secret or not", async () => {
      for (const secrets of [[], ["another"]]) {
        const { ask, sent, notes } = deployed("asana", { secrets });
        const hook = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81";
        const answer = await ask({ headers: { "X-Hook-Secret": hook }, body: Buffer.from("{}") });
        assert.deepEqual([answer.statusCode, answer.headers], [200, { "x-hook-secret": hook }]);
        assert.equal(sent.length, 0);
        assert.ok(!notes().join().includes(hook), "the log tells the secret");
      }
    });

    it("echoes nothing that could be more than a secret", async () => {
      for (const odd of ["", "a b c d e f g h i", "ä".repeat(20), "x".repeat(999)])
        assert.equal((await deployed("asana").ask({ headers: { "x-hook-secret": odd } })).statusCode, 401);
    });
  },

  dropbox() {
    it("echoes challenge as plain text that no browser takes for a page", async () => {
      const answer = await deployed("dropbox").ask({ method: "GET", query: "challenge=%3Cb%3E1" });
      assert.deepEqual([answer.statusCode, answer.body, type(answer)], [200, "<b>1", "text/plain"]);
      assert.equal(answer.headers?.["x-content-type-options"], "nosniff");
    });
  },

  "event-grid"() {
    it("allows a CloudEvents origin that knows the code", async () => {
      const { ask, secret } = question("event-grid", "SubscriptionValidation");
      const headers = { "WebHook-Request-Origin": "eventgrid.azure.net" };
      const answer = await ask({ method: "OPTIONS", headers, query: `code=${secret}` });
      assert.equal(answer.statusCode, 200);
      assert.equal(answer.headers?.["webhook-allowed-origin"], "eventgrid.azure.net");
      const wrong = await ask({ method: "OPTIONS", headers, query: "code=wrong" });
      assert.equal(wrong.headers?.["webhook-allowed-origin"], undefined);
    });
  },

  "microsoft-graph"() {
    it("echoes validationToken, decoded, as plain text", async () => {
      const query = "validationToken=Validation%3A+Testing+client+application+reachability";
      const answer = await deployed("microsoft-graph").ask({ query });
      const text = "Validation: Testing client application reachability";
      assert.deepEqual([answer.statusCode, answer.body, type(answer)], [200, text, "text/plain"]);
    });
  },

  notion() {
    const body = json({ verification_token: "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl" });

    it("shows the verification token while there is no secret", async () => {
      const { ask, sent, notes } = deployed("notion");
      assert.equal((await ask({ body })).statusCode, 200);
      assert.match(notes()[0]!, /secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl/);
      assert.equal(sent.length, 0);
    });

    it("takes no token once there is a secret, and none that is not one", async () => {
      assert.equal(
        (await deployed("notion", { secrets: ["secret_0123456789abcdef"] }).ask({ body })).statusCode,
        401,
      );
      for (const odd of [1, "", "x", "line\nbreak of some length", {}, null])
        assert.equal(
          (await deployed("notion").ask({ body: json({ verification_token: odd }) })).statusCode,
          401,
        );
    });

    it("queues nothing while there is no secret", async () => {
      const { parts } = question("notion", "page.created");
      const { ask, sent } = deployed("notion");
      assert.equal((await ask(parts)).statusCode, 401);
      assert.equal(sent.length, 0);
    });
  },

  okta() {
    it("returns the verification challenge as JSON", async () => {
      const headers = { "X-Okta-Verification-Challenge": "8T3zAbC-123_x" };
      const answer = await deployed("okta", { secrets: ["s"] }).ask({ method: "GET", headers });
      const body = '{"verification":"8T3zAbC-123_x"}';
      assert.deepEqual([answer.statusCode, answer.body, type(answer)], [200, body, "application/json"]);
    });
  },

  x() {
    it("signs crc_token with the secret", async () => {
      const answer = await deployed("x", { secrets: ["consumer"] }).ask({
        method: "GET",
        query: "crc_token=foo",
      });
      const mac = createHmac("sha256", "consumer").update("foo").digest("base64");
      const body = JSON.stringify({ response_token: `sha256=${mac}` });
      assert.deepEqual([answer.statusCode, answer.body, type(answer)], [200, body, "application/json"]);
    });

    it("signs nothing that could be an event", async () => {
      const query = `crc_token=${encodeURIComponent('{"tweet_create_events":[]}')}`;
      const answer = await deployed("x", { secrets: ["consumer"] }).ask({ method: "GET", query });
      assert.equal(answer.statusCode, 400);
    });
  },
};

for (const name of ["meta", "facebook", "instagram", "whatsapp"])
  told[name] = () => {
    it("echoes hub.challenge to a caller who knows the verify token", async () => {
      const { ask } = deployed(name, { token: "meatyhamhock" });
      const query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";
      const answer = await ask({ method: "GET", query: `${query}meatyhamhock` });
      assert.deepEqual([answer.statusCode, answer.body, type(answer)], [200, "1158201444", "text/plain"]);
      assert.equal((await ask({ method: "GET", query: `${query}wrong` })).statusCode, 403);
      assert.equal((await deployed(name).ask({ method: "GET", query })).statusCode, 403);
    });
  };

describe("the open handshake", () => {
  for (const [name, tests] of Object.entries(told)) describe(`of ${name}`, tests);

  it("is tested of every preset that has one", () => {
    const having = presets.filter(({ handshakes = [] }) => handshakes.some(({ when }) => when === "open"));
    assert.deepEqual(having.map(({ name }) => name).sort(), Object.keys(told).sort());
  });

  it("is no way in: a preset without one refuses the question", async () => {
    const { ask } = deployed("github", { secrets: ["s"] });
    assert.equal((await ask({ query: "challenge=x&validationToken=x" })).statusCode, 401);
    assert.equal((await ask({ method: "GET", query: "hub.challenge=x&crc_token=y" })).statusCode, 405);
  });
});
