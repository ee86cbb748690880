import assert from "node:assert/strict";
import { requestUrl } from "../../../../runtime/verify/request-url";
import { requestOf } from "../../../support/signed";

const at = (headers: Record<string, string>, query = "") =>
  requestOf({ method: "POST", query, headers, body: Buffer.alloc(0) });

describe("the URL that was signed", () => {
  it("is the request's own, over the first proxy of a chain", () => {
    assert.equal(requestUrl(at({ host: "h.example" }, "a=1"), undefined), "https://h.example/demo?a=1");
    const proxied = at({ host: "h.example:8080", "x-forwarded-proto": "http, https" });
    assert.equal(requestUrl(proxied, undefined), "http://h.example:8080/demo");
    assert.equal(requestUrl(at({ host: "[::1]:80" }), undefined), "https://[::1]:80/demo");
  });

  it("is what was told, with the query of the request", () => {
    assert.equal(requestUrl(at({}, "a=1"), "https://h/x"), "https://h/x?a=1");
    assert.equal(requestUrl(at({}, "t=1&bodySHA256=ab"), "https://h/x?t=1"), "https://h/x?t=1&bodySHA256=ab");
    assert.equal(requestUrl(at({}), "https://h/x?t=1"), "https://h/x");
  });

  it("is none when the host is no host: it would become part of what is signed", () => {
    for (const host of ["", "h/x", 'h.example/x{"a":"b', "h@x", "h x", "h?x", "h#x"])
      assert.equal(requestUrl(at({ host }), undefined), "", host);
    assert.equal(requestUrl(at({ host: "h", "x-forwarded-proto": "javascript" }), undefined), "");
  });
});
