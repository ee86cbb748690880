/** Resolved by the bundler to the user's file, or to the default beside it. */
declare module "nami:pre-queue" {
  const handler: import("./handlers").PreQueueHandler;
  export default handler;
}

declare module "nami:post-queue" {
  const handler: import("./handlers").PostQueueHandler;
  export default handler;
}

/** Resolved by the bundler to the one preset of the deployment. */
declare module "nami:preset" {
  const preset: import("./verify/preset").Preset;
  export default preset;
}
