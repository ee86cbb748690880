import { randomBytes } from "node:crypto";
import type { Fresh, Sender } from "../sender";

const event = (type: string, { id, now }: Fresh, entity: object, data: object) => ({
  body: {
    id,
    timestamp: now.toISOString(),
    workspace_id: "13950b26-c203-4f3b-b97d-93ec06319565",
    workspace_name: "Quantify Labs",
    subscription_id: "29d75c0d-5546-4414-8459-7b7a92f1fc4b",
    integration_id: "0ef2e755-4912-8096-91c1-00376a88a5ca",
    authors: [{ id: "c7c11cca-1d73-471d-9b6e-bdef51470190", type: "person" }],
    attempt_number: 1,
    api_version: "2025-09-03",
    entity,
    type,
    data,
  },
});

export const notion: Sender = {
  preset: "notion",
  events: {
    "page.created": (fresh) =>
      event(
        "page.created",
        fresh,
        { id: "153104cd-477e-809d-8dc4-ff2d96ae3090", type: "page" },
        { parent: { id: "13950b26-c203-4f3b-b97d-93ec06319565", type: "space" } },
      ),
    "comment.created": (fresh) =>
      event(
        "comment.created",
        fresh,
        { id: "153104cd-477e-80ec-a87d-f7ff0236d35c", type: "comment" },
        {
          page_id: "0ef104cd-477e-80e1-8571-cfd10e92339a",
          parent: { id: "0ef104cd-477e-80e1-8571-cfd10e92339a", type: "page" },
        },
      ),
  },
  makeKey() {
    const secret = `secret_${randomBytes(24).toString("base64url").replaceAll("-", "x")}`;
    return { secret, key: secret };
  },
};
