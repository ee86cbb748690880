/** JSON that becomes part of a function's code: never a secret. */
export type HandlerSettings = Record<string, string | number | boolean | Record<string, string | number>>;

/** A Lambda handler as the bundles make it. */
export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/**
 * What Pulumi serializes into `__index.js`. It captures one string and one piece of JSON and nothing else: captured
 * modules would be copied by value, and every helper the compiler adds would change the text and so the zip.
 * `bundlePath` is the key of the bundle in the zip, e.g. ".nami/build/orders/1f3a/pre-queue.js".
 */
export function handlerFactory(
  bundlePath: string,
  settings: HandlerSettings,
  { sourceMaps = false } = {},
): () => Handler {
  const bundle = `./${bundlePath}`;
  // Node reads the map of a file when it loads it, or never: it must know before that it shall.
  if (sourceMaps)
    return () => {
      process.setSourceMapsEnabled(true);
      return require(bundle).createHandler(settings);
    };
  return () => require(bundle).createHandler(settings);
}
