import type { Sender } from "../sender";

const topic =
  "/subscriptions/aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e/resourceGroups/Storage/providers/Microsoft.Storage/storageAccounts/my-storage-account";

export const eventGrid: Sender = {
  preset: "event-grid",
  sign({ url }, { key }) {
    const signed = new URL(url);
    signed.searchParams.set("code", key);
    return { headers: {}, url: signed.href };
  },
  events: {
    "Microsoft.Storage.BlobCreated": ({ id, now }) => ({
      headers: {
        "aeg-event-type": "Notification",
        "aeg-subscription-name": "NAMI",
        "aeg-delivery-count": "0",
        "aeg-data-version": "",
        "aeg-metadata-version": "1",
      },
      body: [
        {
          topic,
          subject: "/blobServices/default/containers/test-container/blobs/new-file.txt",
          eventType: "Microsoft.Storage.BlobCreated",
          eventTime: now.toISOString(),
          id,
          data: {
            api: "PutBlockList",
            contentType: "text/plain",
            contentLength: 524288,
            blobType: "BlockBlob",
            url: "https://my-storage-account.blob.core.windows.net/test-container/new-file.txt",
          },
          dataVersion: "",
          metadataVersion: "1",
        },
      ],
    }),
    "cloudevents 1.0": ({ id, now }) => ({
      contentType: "application/cloudevents+json; charset=utf-8",
      body: {
        specversion: "1.0",
        type: "Microsoft.Storage.BlobDeleted",
        source: topic,
        id,
        time: now.toISOString(),
        subject: "/blobServices/default/containers/test-container/blobs/new-file.txt",
        data: { api: "DeleteBlob", blobType: "BlockBlob" },
      },
    }),
    SubscriptionValidation: ({ id, now }) => ({
      headers: { "aeg-event-type": "SubscriptionValidation" },
      body: [
        {
          id,
          topic,
          subject: "",
          data: { validationCode: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6" },
          eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
          eventTime: now.toISOString(),
          metadataVersion: "1",
          dataVersion: "1",
        },
      ],
    }),
  },
};
