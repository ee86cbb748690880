import { homeTemplate } from "./home-template";

/** A program: makes the template of homes where this build has none yet; see home-template.ts. */
homeTemplate().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
