import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { Fresh, Sender } from "../sender";

const user = {
  id: "82198898841029460",
  username: "nelly",
  discriminator: "0",
  global_name: "Nelly",
  avatar: null,
};
const headers = (kind: string) => ({ "user-agent": `Discord-${kind}/1.0 (+https://discord.com)` });

/** Discord's ids are numbers of 18 or 19 digits. */
const snowflake = ({ id }: Fresh) =>
  String(BigInt(`0x${id.replaceAll("-", "").slice(0, 15)}`)).padStart(18, "1");

export const discord: Sender = {
  preset: "discord",
  privateKey: {
    // The last 32 bytes of an Ed25519 key's DER are the key: https://www.rfc-editor.org/rfc/rfc8410#section-4
    make:
      "openssl genpkey -algorithm ed25519 -out discord.pem && openssl pkey -in discord.pem -pubout -outform DER" +
      " | tail -c 32 | od -An -v -tx1 | tr -d ' \\n'",
  },
  events: {
    APPLICATION_COMMAND: (fresh) => ({
      headers: headers("Interactions"),
      body: {
        application_id: "1234560123453231555",
        id: snowflake(fresh),
        token: "aW50ZXJhY3Rpb246MTIzNDU2",
        type: 2,
        version: 1,
        channel_id: "645027906669510667",
        guild_id: "290926798626357999",
        member: { user, roles: ["539082325061836999"], permissions: "2147483647" },
        data: { id: "771825006014889984", name: "cardsearch", type: 1, options: [] },
      },
    }),
    ENTITLEMENT_CREATE: (fresh) => ({
      headers: headers("Webhook"),
      body: {
        version: 1,
        application_id: "1234560123453231555",
        type: 1,
        event: {
          type: "ENTITLEMENT_CREATE",
          timestamp: `${fresh.now.toISOString().slice(0, -1)}000`,
          data: {
            application_id: "1234560123453231555",
            id: snowflake(fresh),
            sku_id: "1087015038571241512",
            type: 8,
            user_id: user.id,
            deleted: false,
            consumed: false,
            gift_code_flags: 0,
          },
        },
      },
    }),
    PING: () => ({
      headers: headers("Webhook"),
      body: { version: 1, application_id: "1234560123453231555", type: 0 },
    }),
  },
  sign({ body }, { key, now }) {
    const timestamp = String(Math.floor(now / 1000));
    const signature = sign(null, Buffer.concat([Buffer.from(timestamp), body]), createPrivateKey(key));
    return {
      headers: { "x-signature-ed25519": signature.toString("hex"), "x-signature-timestamp": timestamp },
    };
  },
  makeKey() {
    const key = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const { x = "" } = createPublicKey(key).export({ format: "jwk" });
    return { secret: Buffer.from(x, "base64url").toString("hex"), key };
  },
};
