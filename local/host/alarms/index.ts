export { AlarmStates, alarmSchema } from "./alarm-states";
export { createAlarms } from "./alarms";
