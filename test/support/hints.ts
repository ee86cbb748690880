/** Errors with a hint that nobody can run: only a person, or time, can do it. */
export const ADVICE = [
  ...["AWS_ACTION_FORBIDDEN", "AWS_CAPACITY_SHORT", "AWS_NAME_LEAVING", "AWS_NAME_TAKEN", "AWS_STILL_IN_USE"],
  ...["AWS_THROTTLED", "CONFIG_BROKEN", "CONFIRMATION_NEEDED", "ENGINE_ENDED", "ENGINE_FAILED"],
  ...[
    "ENGINE_NOT_FOUND",
    "HOST_ELSEWHERE",
    "LOCKED",
    "PLUGIN_UNAVAILABLE",
    "RESOURCE_FAILED",
    "STACK_LOCKED",
  ],
];
