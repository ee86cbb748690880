import { namiHome } from "../paths";
import { rehearsalOf } from "../rehearsal";
import { startProvider } from "./provider";

/** `pulumi-resource-aws` and `pulumi-resource-awsx`: the engine reads the port from the first line and ends the process. */
async function main(): Promise<void> {
  const rehearsal = rehearsalOf(process.env);
  const { port } = await startProvider({ home: namiHome(), region: process.env.AWS_REGION, rehearsal });
  process.stdout.write(`${port}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(70);
});
