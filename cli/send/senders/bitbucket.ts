import type { Fresh, Sender } from "../sender";

const repository = {
  type: "repository",
  full_name: "team_name/repo_name",
  name: "repo_name",
  uuid: "{673a6070-3421-46c9-9d48-90745f7bfe8e}",
  scm: "git",
  is_private: true,
};
const actor = {
  type: "user",
  nickname: "emmap1",
  display_name: "Emma",
  uuid: "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}",
};

const headers = (event: string, { id }: Fresh) => ({
  "user-agent": "Bitbucket-Webhooks/2.0",
  "x-event-key": event,
  "x-hook-uuid": "4a2cf2c6-4a22-4a5e-9f2a-5e1d4b0c8a11",
  "x-request-uuid": id,
  "x-attempt-number": "1",
});

export const bitbucket: Sender = {
  preset: "bitbucket",
  events: {
    "repo:push": (fresh) => ({
      headers: headers("repo:push", fresh),
      body: {
        actor,
        repository,
        push: {
          changes: [
            {
              created: false,
              closed: false,
              forced: false,
              new: {
                type: "branch",
                name: "main",
                target: {
                  type: "commit",
                  hash: "709d658dc5b6d6afcd46049c2f332ee3f515a67d",
                  message: "new commit message\n",
                  date: fresh.now.toISOString(),
                },
              },
            },
          ],
        },
      },
    }),
    "pullrequest:created": (fresh) => ({
      headers: headers("pullrequest:created", fresh),
      body: {
        actor,
        repository,
        pullrequest: {
          id: 1,
          title: "Title of pull request",
          state: "OPEN",
          source: { branch: { name: "branch2" } },
          destination: { branch: { name: "main" } },
          created_on: fresh.now.toISOString(),
        },
      },
    }),
  },
};
