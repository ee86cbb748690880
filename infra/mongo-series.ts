/**
 * Release series of MongoDB that Nami runs, oldest first. Data goes from one to the next, not further at once.
 * https://www.mongodb.com/docs/manual/release-notes/
 */
export const MONGO_SERIES: readonly string[] = ["7.0", "8.0", "8.2"];

/** "8.0.12" → "8.0". */
export function seriesOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** Steps from the series of one version to that of another; negative: back. */
export function seriesBetween(from: string, to: string): number {
  const place = (version: string) => MONGO_SERIES.indexOf(seriesOf(version));
  return place(to) - place(from);
}
