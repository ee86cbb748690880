import { STORED_SECRET } from "../../infra/option-values";
import type { Written } from "../../infra/options";
import { readSettings, withKeptOptions } from "./config";
import type { OpenStack } from "./stack";

/** Keeps in the config of a name's data what its pipeline, which goes, was deployed with; secrets are left out. */
export async function keepOptionsIn(data: OpenStack, written: Written): Promise<void> {
  const { workspace, room } = data;
  const plain = Object.entries(written).filter(([, value]) => value !== STORED_SECRET);
  const settings = await readSettings(workspace, room.stack);
  await workspace.saveStackSettings(room.stack, withKeptOptions(settings, Object.fromEntries(plain)));
  await data.keepConfig();
}
