/** Whether the build of the checkout at `root` is there and as new as its sources. */
export function buildIsFresh(root: string): boolean;
