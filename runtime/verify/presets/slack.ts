import { answer } from "../../answer";
import { hmacPreset } from "../hmac";
import { jsonObject } from "../json-body";

export default hmacPreset({
  name: "slack",
  title: "Slack",
  docs: "https://docs.slack.dev/authentication/verifying-requests-from-slack",
  checkedAgainst: "npm @slack/bolt, documentation",
  secret: "The app's Signing Secret, under Basic Information.",
  hmac: {
    algorithm: "sha256",
    header: "x-slack-signature",
    prefix: "v0=",
    encoding: "hex",
    timestamp: { header: "x-slack-request-timestamp", unit: "s", tolerance: 300 },
    signed: "v0:{timestamp}:{body}",
  },
  id: ["body:/event_id"],
  // To a slash command and a view, JSON would say what is to be shown: https://docs.slack.dev/interactivity/handling-user-interaction
  success: { body: "" },
  handshakes: [
    {
      // https://docs.slack.dev/reference/events/url_verification: within 3 s
      when: "verified",
      method: "POST",
      answer: ({ request }) => {
        const { type, challenge } = jsonObject(request.raw);
        if (type !== "url_verification" || typeof challenge !== "string") return undefined;
        return { answer: answer(200, challenge) };
      },
    },
  ],
});
