export interface ApiSpec {
  apiId: string;
  region: string;
}

export interface RouteSpec {
  routeId: string;
  apiId: string;
  /** "ANY /demo", "POST /demo", "$default". */
  routeKey: string;
  /** Name of the function behind it. */
  functionName: string;
  /** Milliseconds; 30,000 unless the integration says less. */
  timeoutMs: number;
}

export interface StageSpec {
  apiId: string;
  name: string;
  throttle?: { rateLimit: number; burstLimit: number };
  routeThrottles?: Record<string, { rateLimit: number; burstLimit: number }>;
  /** A log group's name, and AWS's format with `$context.…` variables. */
  accessLog?: { group: string; format: string };
}

/** The shared HTTP API: payload 2.0 in, the function's answer out. */
export interface Gateway {
  putApi(spec: ApiSpec): void;
  removeApi(apiId: string): void;
  putStage(spec: StageSpec): void;
  removeStage(apiId: string, name: string): void;
  putRoute(spec: RouteSpec): void;
  removeRoute(apiId: string, routeId: string): void;
  /** Requests that name the domain as their host go to that API alone. */
  putDomain(domain: string, apiId: string): void;
  removeDomain(domain: string): void;
  /** Throws localError PORT_TAKEN. Answers the address it listens on. */
  listen(address: string): Promise<string>;
  close(): Promise<void>;
}
