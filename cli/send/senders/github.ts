import type { Fresh, Sender } from "../sender";

const repository = {
  id: 186853002,
  name: "hello-world",
  full_name: "octocat/hello-world",
  private: false,
  html_url: "https://github.com/octocat/hello-world",
  default_branch: "main",
};
const sender = { login: "octocat", id: 21031067, type: "User" };

const headers = (event: string, { id }: Fresh) => ({
  "user-agent": "GitHub-Hookshot/044aadd",
  "x-github-event": event,
  "x-github-delivery": id,
  "x-github-hook-id": "292430182",
});

export const github: Sender = {
  preset: "github",
  events: {
    push: (fresh) => ({
      headers: headers("push", fresh),
      body: {
        ref: "refs/heads/main",
        before: "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
        after: "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
        repository,
        pusher: { name: "octocat", email: "octocat@github.com" },
        sender,
        created: false,
        deleted: false,
        forced: false,
        compare: "https://github.com/octocat/hello-world/compare/6113728f27ae...0d1a26e67d8f",
        commits: [
          {
            id: "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
            message: "Update README.md",
            timestamp: fresh.now.toISOString(),
            author: { name: "The Octocat", email: "octocat@github.com", username: "octocat" },
            added: [],
            removed: [],
            modified: ["README.md"],
          },
        ],
      },
    }),
    ping: (fresh) => ({
      headers: headers("ping", fresh),
      body: { zen: "Keep it logically awesome.", hook_id: 292430182, repository, sender },
    }),
    issues: (fresh) => ({
      headers: headers("issues", fresh),
      body: {
        action: "opened",
        issue: {
          id: 444500041,
          number: 1,
          title: "Spelling error in the README file",
          state: "open",
          user: sender,
          created_at: fresh.now.toISOString(),
          body: "It looks like you accidentally spelled 'commit' with two 't's.",
        },
        repository,
        sender,
      },
    }),
  },
};
