import type { Plugin } from "esbuild";

/** The driver's optional peers (its package.json): it asks for each in a try block and works without. */
const OPTIONAL =
  /^(kerberos|@mongodb-js\/zstd|@aws-sdk\/credential-providers|gcp-metadata|snappy|socks|mongodb-client-encryption)$/;

const DRIVER = /[\\/]node_modules[\\/]mongodb[\\/]/;

/** Makes them fail at run time as if they were not installed, installed or not: so the bundle needs no node_modules. */
export const optionalModules: Plugin = {
  name: "optional-modules",
  setup(build) {
    build.onResolve({ filter: OPTIONAL }, ({ path, importer }) =>
      DRIVER.test(importer) ? { path, namespace: "not-installed" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "not-installed" }, ({ path }) => ({
      contents: `throw Object.assign(new Error("Cannot find module '${path}'"), { code: "MODULE_NOT_FOUND" });`,
      loader: "js",
    }));
  },
};
