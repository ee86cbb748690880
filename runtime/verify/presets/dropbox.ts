import { echo, queryValue } from "../handshake";
import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "dropbox",
  title: "Dropbox",
  docs: "https://www.dropbox.com/developers/reference/webhooks",
  // The page has code that checks, but no signature.
  checkedAgainst: null,
  secret: "The app's App secret, in the App Console.",
  hmac: {
    algorithm: "sha256",
    header: "x-dropbox-signature",
    encoding: "hex",
    signed: "{body}",
  },
  // A notification says only whose files changed, and has no id.
  id: [],
  handshakes: [
    {
      when: "open",
      method: "GET",
      answer: (ask) => {
        const challenge = queryValue(ask, "challenge");
        return challenge ? echo(challenge) : undefined;
      },
    },
  ],
});
