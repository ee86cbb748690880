import assert from "node:assert/strict";
import { type Cidr, following, formatCidr, holds, overlap, parseCidr, size } from "../../../local/cidr";

const cidr = (text: string): Cidr => parseCidr(text)!;

describe("a block of addresses", () => {
  for (const text of [
    "0.0.0.0/0",
    "10.90.0.0/16",
    "127.0.0.1/32",
    "::/0",
    "2001:db8:0:5600::/56",
    "fd00::1/128",
  ]) {
    it(`is read and written as ${text}`, () => assert.equal(formatCidr(cidr(text)), text));
  }

  it("of a single address is /32 or /128, however the address is written", () => {
    assert.equal(formatCidr(cidr("10.0.0.7")), "10.0.0.7/32");
    assert.equal(formatCidr(cidr("2001:DB8:0:0:0:0:0:1")), "2001:db8::1/128");
    assert.equal(formatCidr(cidr("::ffff:1.2.3.4")), "::ffff:102:304/128");
  });

  for (const text of [
    "10.0.0.1/16",
    "10.0.0.0/33",
    "10.0.0/8",
    "10.0.0.0/8/9",
    "2001:db8::1/64",
    "::/129",
    "x",
    "",
  ]) {
    it(`cannot be read from "${text}"`, () => assert.equal(parseCidr(text), undefined));
  }

  it("knows which blocks it holds and overlaps", () => {
    assert.equal(holds(cidr("10.90.0.0/16"), cidr("10.90.255.0/24")), true);
    assert.equal(holds(cidr("10.90.255.0/24"), cidr("10.90.0.0/16")), false);
    assert.equal(holds(cidr("0.0.0.0/0"), cidr("::1")), false);
    assert.equal(overlap(cidr("10.90.255.0/24"), cidr("10.90.0.0/16")), true);
    assert.equal(overlap(cidr("10.90.0.0/24"), cidr("10.90.1.0/24")), false);
    assert.equal(size(cidr("10.0.0.0/24")), 256n);
  });

  it("is followed by the next block without overlap, whatever their sizes", () => {
    assert.equal(formatCidr(following(cidr("10.0.0.0/24"), 24)), "10.0.1.0/24");
    assert.equal(formatCidr(following(cidr("10.0.0.0/24"), 20)), "10.0.16.0/20");
    assert.equal(formatCidr(following(cidr("10.0.0.0/20"), 24)), "10.0.16.0/24");
  });
});
