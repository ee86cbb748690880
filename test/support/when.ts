import type { ChildProcess } from "node:child_process";

/** For `onStart`: calls `then` once, as soon as the child has said so on standard error. */
export function when(text: RegExp, then: (child: ChildProcess) => void): (child: ChildProcess) => void {
  return (child) => {
    let said = "";
    child.stderr!.on("data", (part) => {
      const before = text.test(said);
      said += part;
      if (!before && text.test(said)) then(child);
    });
  };
}
