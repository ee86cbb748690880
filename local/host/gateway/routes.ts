import type { RouteSpec } from "../services";

interface CompiledRoute {
  spec: RouteSpec;
  method: string;
  segments: string[];
}

export interface RouteMatch {
  route: RouteSpec;
  pathParameters?: Record<string, string>;
}

/** What API Gateway answers with 404 has no match. Greedy `{name+}` only stands at the end. */
export class RouteTable {
  private readonly routes = new Map<string, CompiledRoute>();

  put(spec: RouteSpec): void {
    const [method, path] = spec.routeKey === "$default" ? ["$default", ""] : spec.routeKey.split(" ");
    this.routes.set(spec.routeId, { spec, method: method!, segments: split(path ?? "") });
  }

  remove(routeId: string): void {
    this.routes.delete(routeId);
  }

  /**
   * The most specific route: full match before greedy path before `$default`; a literal segment before a parameter;
   * a named method before ANY. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
   */
  match(method: string, path: string): RouteMatch | undefined {
    const segments = split(path);
    let best: { score: string; match: RouteMatch } | undefined;
    for (const route of this.routes.values()) {
      const found = tryRoute(route, method, segments);
      if (found && (!best || found.score > best.score)) best = found;
    }
    return best?.match;
  }
}

function split(path: string): string[] {
  return path.replace(/^\//, "").split("/");
}

/** The score sorts as text: per segment 3 literal, 2 parameter, 1 greedy; then 1 when the method is named. */
function tryRoute(route: CompiledRoute, method: string, segments: string[]) {
  if (route.method === "$default") return { score: "0", match: { route: route.spec } };
  if (route.method !== "ANY" && route.method !== method) return undefined;
  const parameters: Record<string, string> = {};
  let score = "";
  for (const [at, pattern] of route.segments.entries()) {
    const name = /^\{(.+?)(\+?)\}$/.exec(pattern);
    if (name?.[2]) {
      if (segments.length <= at || segments[at] === "") return undefined;
      parameters[name[1]!] = segments.slice(at).map(decode).join("/");
      return found(route, `${score}1`, method, parameters);
    }
    const segment = segments[at];
    if (
      segment === undefined ||
      (name ? segment === "" : segment !== pattern && decode(segment) !== pattern)
    ) {
      return undefined;
    }
    if (name) parameters[name[1]!] = decode(segment);
    score += name ? "2" : "3";
  }
  return segments.length === route.segments.length ? found(route, score, method, parameters) : undefined;
}

function found(route: CompiledRoute, score: string, method: string, parameters: Record<string, string>) {
  const pathParameters = Object.keys(parameters).length > 0 ? parameters : undefined;
  const match: RouteMatch = pathParameters ? { route: route.spec, pathParameters } : { route: route.spec };
  return { score: `${score}0${route.method === method ? 1 : 0}`, match };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
