import { BrokenResources } from "./broken-resources";
import type { StoredCode } from "./code-store";
import { resourceKinds } from "./resources";
import { codeStore, lambdaFunction } from "./resources/function";
import type { Services } from "./services";

/** Starts again what exists. Answers what could not be started, which is left as it is: the rest must not wait for it. */
export async function restoreResources(
  services: Services,
  log: (text: string) => void,
): Promise<BrokenResources> {
  const broken = new BrokenResources();
  codeStore(services.dir).sweep(
    services.all(lambdaFunction.type).map(({ inputs }) => inputs.code as StoredCode),
  );
  for (const kind of resourceKinds) {
    if (!kind.restore) continue;
    for (const record of services.all(kind.type)) {
      try {
        await kind.restore(services, record);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log(`${record.urn} did not come back: ${error instanceof Error ? error.stack : error}`);
        broken.add(record, reason);
      }
    }
  }
  return broken;
}
