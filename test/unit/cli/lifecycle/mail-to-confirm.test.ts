import assert from "node:assert/strict";
import type { Action, Change } from "../../../../cli/display/diff";
import { mailToConfirm } from "../../../../cli/lifecycle/mail-to-confirm";

describe("the mail that AWS asks to confirm", () => {
  const change = (action: Action, type = "TopicSubscription"): Change => ({
    ...{ action, type, name: "nami-orders-alarms" },
    properties: [],
  });
  const aws = { target: "aws", alarmEmail: "ops@example.com" } as const;

  it("is announced when an address is new, and only then", () => {
    assert.equal(mailToConfirm(aws, [change("create")]), "ops@example.com");
    assert.equal(mailToConfirm(aws, [change("update", "Topic"), change("replace")]), "ops@example.com");
    assert.equal(mailToConfirm(aws, [change("create", "Topic")]), undefined);
    assert.equal(mailToConfirm({ target: "aws" }, [change("delete")]), undefined);
  });

  it("is never announced on this machine", () => {
    assert.equal(mailToConfirm({ ...aws, target: "local" }, [change("create")]), undefined);
  });
});
