// The `aws` command of a local instance: `aws ssm get-parameter`, signed with the role of the instance profile and
// sent to the host, which checks signature and policy. Plain JavaScript, for it runs in a process of its own.
const { readFileSync } = require("node:fs");
const http = require("node:http");
const aws4 = require("aws4");

const KNOWN = ["--region", "--name", "--query", "--output", "--cli-connect-timeout", "--cli-read-timeout"];

function fail(message, code) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

function parse(argv) {
  const [service, operation, ...rest] = argv;
  if (service !== "ssm" || operation !== "get-parameter") {
    fail(`aws: the local target does not know: aws ${service} ${operation}`, 252);
  }
  const options = { decrypt: false };
  while (rest.length > 0) {
    const option = rest.shift();
    if (option === "--with-decryption") options.decrypt = true;
    else if (KNOWN.includes(option)) options[option.slice(2)] = rest.shift();
    else fail(`aws: the local target does not know the option ${option}`, 252);
  }
  if (options.query !== "Parameter.Value" || options.output !== "text") {
    fail("aws: the local target knows only --query Parameter.Value --output text", 252);
  }
  return options;
}

/** The instance's keys: what IMDS answers on AWS. */
function profile() {
  try {
    return JSON.parse(readFileSync(`${process.env.NAMI_MACHINE}/profile.json`, "utf8"));
  } catch {
    return fail(
      'Unable to locate credentials. You can configure credentials by running "aws configure".',
      253,
    );
  }
}

function main() {
  const { region, name, decrypt, "cli-read-timeout": seconds = 60 } = parse(process.argv.slice(2));
  const { awsUrl, credentials } = profile();
  const { hostname, port, host } = new URL(awsUrl);
  const request = aws4.sign(
    {
      service: "ssm",
      region,
      method: "POST",
      path: "/",
      headers: {
        Host: host,
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.GetParameter",
      },
      body: JSON.stringify({ Name: name, WithDecryption: decrypt }),
    },
    credentials,
  );
  const sent = http.request({ ...request, hostname, port, timeout: Number(seconds) * 1000 }, (response) => {
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("end", () => answer(response.statusCode, Buffer.concat(chunks).toString()));
  });
  sent.on("timeout", () => sent.destroy(new Error("timed out")));
  sent.on("error", (error) =>
    fail(`Could not connect to the endpoint URL: "${awsUrl}" (${error.message})`, 255),
  );
  sent.end(request.body);
}

function answer(status, text) {
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {}
  if (status === 200 && body.Parameter) process.stdout.write(`${body.Parameter.Value}\n`);
  else {
    const code = String(body.__type ?? `HTTP ${status}`).replace(/^.*#/, "");
    const message = body.message ?? body.Message ?? text;
    fail(`An error occurred (${code}) when calling the GetParameter operation: ${message}`, 254);
  }
}

main();
