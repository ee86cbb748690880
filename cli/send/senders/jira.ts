import type { Fresh, Sender } from "../sender";

const user = {
  accountId: "99:27935d01-92a7-4687-8272-a9b8d3b2ae2e",
  displayName: "Bryan Rollins [Atlassian]",
  accountType: "atlassian",
  active: true,
};

const event = (webhookEvent: string, { id, now }: Fresh, body: object) => ({
  headers: {
    "user-agent": "Atlassian Webhook HTTP Client",
    "x-atlassian-webhook-identifier": id,
    "x-atlassian-webhook-flow": "Primary",
  },
  body: { timestamp: now.getTime(), webhookEvent, user, ...body },
});

const issue = (now: Date) => ({
  id: "99291",
  self: "https://your-domain.atlassian.net/rest/api/2/issue/99291",
  key: "JRA-20002",
  fields: {
    summary: "I feel the need for speed",
    created: now.toISOString(),
    description: "Make the issue nav load 10x faster",
    labels: ["UI", "dialogue", "move"],
    priority: { name: "Minor", id: "4" },
    issuetype: { name: "Bug", id: "1" },
  },
});

export const jira: Sender = {
  preset: "jira",
  events: {
    "jira:issue_created": (fresh) =>
      event("jira:issue_created", fresh, { issue_event_type_name: "issue_created", issue: issue(fresh.now) }),
    comment_created: (fresh) =>
      event("comment_created", fresh, {
        comment: { id: "252789", author: user, body: "Just in time for AtlasCamp!" },
        issue: issue(fresh.now),
      }),
  },
};
