/** Of the file system: full, over quota, read-only, failing, gone. */
const CODES = /^(ENOSPC|EDQUOT|EROFS|EIO|ENOENT|EACCES|EPERM|ESTALE)$/;
/** Of SQLite: READONLY, IOERR, FULL, CANTOPEN (https://www.sqlite.org/rescode.html). */
const SQLITE_CODES = [8, 10, 13, 14];

/** Whether an error is the disk's, which may be well again in a while. */
export function isDiskError(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { code?: string; errcode?: number };
  if (errcode !== undefined) return SQLITE_CODES.includes(errcode & 0xff);
  return CODES.test(code ?? "");
}
