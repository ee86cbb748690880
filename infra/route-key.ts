/** The route of a name: every method at its one path. */
export function routeKey(name: string): string {
  return `ANY /${name}`;
}
