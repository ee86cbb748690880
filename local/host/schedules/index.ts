export { createSchedules } from "./schedules";
