#!/usr/bin/env node
// Stands in for the `pulumi` binary where the engine itself is not the matter: notes each call in calls.jsonl beside
// it, keeps stack config as the real one does, and does what `behaviour.json` says. It never runs the program.
const fs = require("node:fs");
const { join } = require("node:path");

const argv = process.argv.slice(2);
const verb = argv.slice(0, argv[0] === "stack" || argv[0] === "config" ? 2 : 1).join(" ");
const at = (flag) => argv[argv.indexOf(flag) + 1];
const stdin = verb === "config set" ? fs.readFileSync(0, "utf8") : "";
const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => key.startsWith("PULUMI_")));
fs.appendFileSync(join(__dirname, "calls.jsonl"), `${JSON.stringify({ verb, argv, stdin, env })}\n`);

const behaviour = JSON.parse(fs.readFileSync(join(__dirname, "behaviour.json"), "utf8"));
const { stdout = "", stderr = "", code = 0, hang = false, once = false, event } = behaviour[verb] ?? {};
if (once) fs.writeFileSync(join(__dirname, "behaviour.json"), JSON.stringify({ ...behaviour, [verb]: {} }));

const file = join(process.cwd(), `Pulumi.${verb === "stack init" ? argv[2] : at("--stack")}.yaml`);
if (verb === "stack init") {
  const settings = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  if (!/^encryptionsalt:/m.test(settings)) fs.appendFileSync(file, "encryptionsalt: v1:salt\n");
}
if (verb === "config set") {
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(
    file,
    text.replace(/^config:$/m, `config:\n  ${at("--secret")}:\n    secure: v1:encrypted`),
  );
}
// An engine before 3.205 tells its events in a file.
if (event) fs.appendFileSync(at("--event-log"), `${JSON.stringify(event)}\n`);
process.stdout.write(stdout);
process.stderr.write(stderr);
if (hang) {
  process.on("SIGINT", () => {
    fs.appendFileSync(join(__dirname, "calls.jsonl"), `${JSON.stringify({ verb: "SIGINT" })}\n`);
    process.exitCode = 255;
    clearInterval(timer);
  });
  const timer = setInterval(() => {}, 1000);
} else {
  process.exitCode = code;
}
