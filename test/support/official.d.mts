export function load(url: string): Promise<Record<string, unknown>>;
