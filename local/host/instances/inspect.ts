import type { MongoServer } from "../../mongo/server";
import type { Container } from "./container";
import { unknownTo } from "./docker-run";

/** Docker's word for what a server does. */
function statusOf(server: MongoServer | undefined): string {
  if (!server) return "created";
  const { state, error } = server.status();
  if (state === "stopped") return "exited";
  return state === "failed" || error ? "restarting" : "running";
}

/** A server that could not even be started has ended badly too. */
function exitCodeOf(status: string, server: MongoServer | undefined): number {
  if (status === "running") return 0;
  return server?.exitCode ?? (status === "restarting" ? 1 : 0);
}

/** `docker container inspect --format TEMPLATE`: the few expressions that scripts here use. @throws DockerError */
export function inspected(container: Container, server: MongoServer | undefined, template: string): string {
  const status = statusOf(server);
  const facts: Record<string, string> = {
    ".Id": container.id,
    ".Config.Image": container.image,
    ".HostConfig.Memory": String((container.memoryMb ?? 0) * 1024 ** 2),
    ".State.Status": status,
    ".State.ExitCode": String(exitCodeOf(status, server)),
    ".RestartCount": String(server?.restarts ?? 0),
  };
  return template.replace(/\{\{(.*?)\}\}/g, (_, expression: string) => {
    const [, label] = /^index \.Config\.Labels "([^"]+)"$/.exec(expression) ?? [];
    const fact = label ? (container.labels[label] ?? "") : facts[expression];
    if (fact === undefined) throw unknownTo(["container", "inspect", "--format", template]);
    return fact;
  });
}
