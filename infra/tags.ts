import { version } from "./version";

/**
 * On everything that takes tags, so that a bill or a console can be searched by deployment, and what an interrupted
 * run has made be found again by its logical name.
 */
export function tags(name: string, resource: string): Record<string, string> {
  return { "nami:name": name, "nami:resource": resource, "nami:version": version };
}

/** The same with the `Name` that the EC2 console shows. */
export function namedTags(name: string, resource: string): Record<string, string> {
  return { Name: resource, ...tags(name, resource) };
}
