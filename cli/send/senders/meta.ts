import type { Fresh, Sender } from "../sender";

const headers = { "user-agent": "facebookexternalua" };
const seconds = ({ now }: Fresh) => Math.floor(now.getTime() / 1000);

const page = (fresh: Fresh) => ({
  headers,
  body: {
    object: "page",
    entry: [
      {
        id: "682498302938465",
        time: seconds(fresh),
        changes: [
          {
            field: "feed",
            value: {
              item: "post",
              verb: "add",
              post_id: `44444444_${seconds(fresh)}`,
              message: "Example post content.",
            },
          },
        ],
      },
    ],
  },
});

const message = (fresh: Fresh) => ({
  headers,
  body: {
    object: "whatsapp_business_account",
    entry: [
      {
        id: "102290129340398",
        changes: [
          {
            field: "messages",
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
              contacts: [{ profile: { name: "Sheena Nelson" }, wa_id: "16505551234" }],
              messages: [
                {
                  from: "16505551234",
                  id: `wamid.${Buffer.from(fresh.id).toString("base64")}`,
                  timestamp: String(seconds(fresh)),
                  type: "text",
                  text: { body: "Does it come in another color?" },
                },
              ],
            },
          },
        ],
      },
    ],
  },
});

const comment = (fresh: Fresh) => ({
  headers,
  body: {
    object: "instagram",
    entry: [
      {
        id: "17841405726653026",
        time: seconds(fresh),
        changes: [
          {
            field: "comments",
            value: {
              id: "17865799348089039",
              from: { id: "232323232", username: "instagram_user" },
              media: { id: "123123123", media_product_type: "FEED" },
              text: "This is an example.",
            },
          },
        ],
      },
    ],
  },
});

export const meta: Sender = { preset: "meta", events: { page, whatsapp: message, instagram: comment } };
export const facebook: Sender = { preset: "facebook", events: { feed: page } };
export const whatsapp: Sender = { preset: "whatsapp", events: { messages: message } };
export const instagram: Sender = { preset: "instagram", events: { comments: comment } };
