import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `[section, key, value]`, in order. */
type Setting = [section: string, key: string, value: string];

/** A oneshot service. */
export interface Service {
  /** Absolute, in the machine's root. */
  command: string;
}

export interface Timer {
  /** The unit it starts: that of its own name. */
  starts: string;
  /** Milliseconds after the timer was started. */
  afterStart?: number;
  /** Milliseconds after each end of the unit. */
  afterEnd?: number;
}

export const UNIT_FOLDER = "/etc/systemd/system";

/** Settings that mean nothing here: order of boot, looks of the journal. */
const IGNORED = [
  "Unit.Description",
  "Unit.Wants",
  "Unit.After",
  "Service.SyslogIdentifier",
  "Service.SyslogLevel",
  "Service.LogLevelMax",
  "Timer.AccuracySec",
  "Install.WantedBy",
];

/** What a stand-in answers when a unit asks for more than this systemd knows. */
export class UnitError extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

/** @throws UnitError when there is no such service, or one that asks for what is not known here */
export function readService(root: string, unit: string): Service {
  const settings = read(root, unit);
  const command = one(unit, settings, "Service.ExecStart");
  expect(unit, settings, "Service.Type", /^oneshot$/);
  expect(unit, settings, "Service.StandardOutput", /^journal(\+console)?$/);
  refuseOthers(unit, settings, ["Service.ExecStart", "Service.Type", "Service.StandardOutput"]);
  if (!/^\/\S+$/.test(command)) throw unknown(unit, `ExecStart=${command}`);
  return { command: join(root, command) };
}

/** @throws UnitError as readService */
export function readTimer(root: string, unit: string): Timer {
  const settings = read(root, unit);
  const span = (key: string) => {
    const value = settings.find(([section, name]) => `${section}.${name}` === key)?.[2];
    return value === undefined ? undefined : milliseconds(unit, value);
  };
  refuseOthers(unit, settings, ["Timer.OnActiveSec", "Timer.OnUnitInactiveSec"]);
  const starts = unit.replace(/\.timer$/, ".service");
  return { starts, afterStart: span("Timer.OnActiveSec"), afterEnd: span("Timer.OnUnitInactiveSec") };
}

/** The targets that want the unit once it is enabled. @throws UnitError */
export function wantedBy(root: string, unit: string): string[] {
  return one(unit, read(root, unit), "Install.WantedBy").split(/\s+/);
}

/** RequiresMountsFor of the drop-ins of a unit that a package brought. @throws UnitError */
export function requiredMounts(root: string, unit: string): string[] {
  const folder = join(root, UNIT_FOLDER, `${unit}.d`);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const settings = parse(`${unit}.d/${name}`, readFileSync(join(folder, name), "utf8"));
    refuseOthers(name, settings, ["Unit.RequiresMountsFor"]);
    return settings
      .filter(([, key]) => key === "RequiresMountsFor")
      .flatMap(([, , value]) => value.split(/\s+/));
  });
}

function read(root: string, unit: string): Setting[] {
  const file = join(root, UNIT_FOLDER, unit);
  if (!existsSync(file)) throw new UnitError(`Unit ${unit} not found.`, 5);
  return parse(unit, readFileSync(file, "utf8"));
}

function parse(unit: string, text: string): Setting[] {
  const settings: Setting[] = [];
  let section = "";
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "" || /^[#;]/.test(line)) continue;
    const title = /^\[(\w+)\]$/.exec(line)?.[1];
    const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (title) section = title;
    else if (key) settings.push([section, key, value!]);
    else throw unknown(unit, line);
  }
  return settings;
}

function one(unit: string, settings: Setting[], key: string): string {
  const [found, more] = settings.filter(([section, name]) => `${section}.${name}` === key);
  if (!found || more) throw unknown(unit, `${more ? "more than one" : "no"} ${key.split(".")[1]}=`);
  return found[2];
}

function expect(unit: string, settings: Setting[], key: string, pattern: RegExp): void {
  const value = one(unit, settings, key);
  if (!pattern.test(value)) throw unknown(unit, `${key.split(".")[1]}=${value}`);
}

function refuseOthers(unit: string, settings: Setting[], known: string[]): void {
  for (const [section, key, value] of settings) {
    if (![...known, ...IGNORED].includes(`${section}.${key}`))
      throw unknown(unit, `[${section}] ${key}=${value}`);
  }
}

function unknown(unit: string, what: string): UnitError {
  return new UnitError(`${unit}: the local target does not know: ${what}`, 64);
}

const UNITS_MS: Record<string, number> = { "": 1000, s: 1000, sec: 1000, min: 60_000, h: 3_600_000 };

function milliseconds(unit: string, text: string): number {
  const [, number, suffix = ""] = /^(\d+)\s*([a-z]*)$/.exec(text) ?? [];
  const factor = UNITS_MS[suffix];
  if (number === undefined || factor === undefined) throw unknown(unit, text);
  return Number(number) * factor;
}
