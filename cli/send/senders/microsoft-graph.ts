import type { Sender } from "../sender";

interface Notifications {
  value: object[];
}

export const microsoftGraph: Sender = {
  preset: "microsoft-graph",
  // The proof stands in the body.
  sign: ({ body }, { key }) => {
    const { value } = JSON.parse(body.toString()) as Notifications;
    return {
      headers: {},
      body: Buffer.from(JSON.stringify({ value: value.map((each) => ({ ...each, clientState: key })) })),
    };
  },
  events: {
    created: ({ id, now }) => ({
      body: {
        value: [
          {
            id,
            subscriptionId: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
            subscriptionExpirationDateTime: new Date(now.getTime() + 3_600_000).toISOString(),
            clientState: "",
            changeType: "created",
            tenantId: "84bd8158-6d4d-4958-8b9f-9d6445542f95",
            resource: "Users/ddfcd489-628b-40d7-b48b-57002df800e5/Messages/AAMkAGUwNjQ4ZjIxAAA=",
            resourceData: {
              "@odata.type": "#Microsoft.Graph.Message",
              "@odata.id": "Users/ddfcd489-628b-40d7-b48b-57002df800e5/Messages/AAMkAGUwNjQ4ZjIxAAA=",
              id: "AAMkAGUwNjQ4ZjIxAAA=",
            },
          },
        ],
      },
    }),
  },
};
