import { runCommand } from "./wire";

export interface FirstUser {
  user: string;
  password: string;
}

/** Mongo's code for a user that exists: 51003 Location51003. */
const USER_EXISTS = 51003;

/**
 * Makes the administrator on a server that runs without authentication. When an interrupted attempt has made the
 * user already, its password is set again: nobody can have stored anything with the old one.
 */
export async function createFirstUser(port: number, first: FirstUser): Promise<void> {
  const made = await runCommand(port, { createUser: first.user, pwd: first.password, roles: ["root"] });
  if (made.ok === 1) return;
  if (made.code !== USER_EXISTS) throw new Error(`createUser: ${made.errmsg}`);
  const changed = await runCommand(port, { updateUser: first.user, pwd: first.password, roles: ["root"] });
  if (changed.ok !== 1) throw new Error(`updateUser: ${changed.errmsg}`);
}
