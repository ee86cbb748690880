import { randomBytes } from "node:crypto";
import { isSigningToken } from "../../../runtime/verify/presets/gitlab";
import standard from "../../../runtime/verify/presets/standard-webhooks";
import { type Fresh, hmacHeaders, type Sender } from "../sender";

const project = {
  id: 15,
  name: "Diaspora",
  web_url: "http://example.com/mike/diaspora",
  path_with_namespace: "mike/diaspora",
  default_branch: "main",
};

const headers = (event: string, { id }: Fresh) => ({
  "user-agent": "GitLab/18.6.0",
  "x-gitlab-event": event,
  "x-gitlab-instance": "https://gitlab.example.com",
  "x-gitlab-webhook-uuid": "02affd2d-2cba-4033-917d-ec22d5dc4b38",
  "x-gitlab-event-uuid": "13792a34-cac6-4fda-95a8-c58e00a3954e",
  "idempotency-key": id,
  "webhook-id": id,
});

export const gitlab: Sender = {
  preset: "gitlab",
  makeKey: () => {
    const secret = randomBytes(20).toString("hex");
    return { secret, key: secret };
  },
  sign: (request, signing) => ({
    headers: isSigningToken(signing.key)
      ? hmacHeaders(standard.hmac, request, signing)
      : { "x-gitlab-token": signing.key },
  }),
  events: {
    "Push Hook": (fresh) => ({
      headers: headers("Push Hook", fresh),
      body: {
        object_kind: "push",
        event_name: "push",
        before: "95790bf891e76fee5e1747ab589903a6a1f80f22",
        after: "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
        ref: "refs/heads/main",
        checkout_sha: "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
        user_username: "jsmith",
        project_id: 15,
        project,
        commits: [
          {
            id: "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
            message: "fixed readme",
            timestamp: fresh.now.toISOString(),
            author: { name: "GitLab dev user", email: "gitlabdev@example.com" },
            added: ["CHANGELOG"],
            modified: ["app/controller/application.rb"],
            removed: [],
          },
        ],
        total_commits_count: 1,
      },
    }),
    "Merge Request Hook": (fresh) => ({
      headers: headers("Merge Request Hook", fresh),
      body: {
        object_kind: "merge_request",
        event_type: "merge_request",
        user: { id: 1, name: "Administrator", username: "root" },
        project,
        object_attributes: {
          id: 99,
          iid: 1,
          target_branch: "main",
          source_branch: "ms-viewport",
          title: "MS-Viewport",
          state: "opened",
          action: "open",
          created_at: fresh.now.toISOString(),
        },
      },
    }),
  },
};
