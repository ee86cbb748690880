import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { resourceKinds } from "../../../../local/host/resources";
import { diff } from "../../../../local/provider/diff";
import type { TypeTable } from "../../../../local/provider/property-table";
import { typeTables } from "../../../../local/provider/types";

const sdk = join(__dirname, "..", "..", "..", "..", "node_modules", "@pulumi", "aws");

interface Declared {
  required: string[];
  inputs: string[];
  outputs: string[];
  /** Comment of each input. */
  notes: Record<string, string>;
}

/** "aws:sqs/queue:Queue" → the text of sqs/queue.d.ts */
function declaration(table: TypeTable): string {
  return readFileSync(join(sdk, `${table.type.split(":")[1]}.d.ts`), "utf8");
}

function block(text: string, start: RegExp): string {
  return text.slice(text.search(start)).split("\n}")[0]!;
}

function declared(table: TypeTable): Declared {
  const name = table.type.split(":")[2]!;
  const text = declaration(table);
  const args = block(text, new RegExp(`export interface ${name}Args `));
  const members = [...args.matchAll(/(?:\/\*\*(.*?)\*\/\s*)?^ {4}(\w+)(\??): /gms)];
  const own = block(text, new RegExp(`export declare class ${name} `));
  return {
    required: members.filter(([, , , optional]) => optional === "").map(([, , member]) => member!),
    inputs: members.map(([, , member]) => member!),
    outputs: [...own.matchAll(/^ {4}readonly (\w+): /gm)].map(([, member]) => member!),
    notes: Object.fromEntries(
      members.map(([, note = "", member]) => [member!, note.replace(/\s*\n\s*\*\s*/g, " ")]),
    ),
  };
}

/** As the texts of the Terraform provider put it, where Pulumi's own keep it. */
const FORCES =
  /forces? (a )?(new resource|replacement)|force your instance to be replaced|cannot be changed|trigger a destroy and recreate/i;

describe("the tables of resource types", () => {
  it("cover exactly the resource kinds of the host", () => {
    const types = typeTables.map(({ type }) => type).sort();
    assert.deepEqual(types, resourceKinds.map(({ type }) => type).sort());
    assert.equal(new Set(types).size, types.length);
  });

  for (const table of typeTables) {
    describe(table.type, () => {
      it("has only inputs and outputs that @pulumi/aws declares, and all required ones", () => {
        assert.equal(existsSync(join(sdk, `${table.type.split(":")[1]}.d.ts`)), true);
        const { required, inputs, outputs } = declared(table);
        const undeclared = Object.keys(table.inputs).filter((name) => !inputs.includes(name));
        assert.deepEqual(undeclared, []);
        assert.deepEqual(
          Object.keys(table.outputs).filter((name) => !outputs.includes(name)),
          [],
        );
        assert.deepEqual(
          required.filter((name) => !table.inputs[name]?.required),
          [],
        );
      });

      it("promises every output that AWS computes", () => {
        const { inputs, outputs } = declared(table);
        const computed = outputs.filter((name) => !inputs.includes(name) && name !== "tagsAll");
        const never = ["outpostArn", "passwordData", "instanceLifecycle", "spotInstanceRequestId"];
        const missing = computed.filter((name) => !table.outputs[name] && !never.includes(name));
        assert.deepEqual(missing, []);
      });

      it("is replaced where the texts of @pulumi/aws say so", () => {
        const { notes } = declared(table);
        const forced = Object.keys(table.inputs).filter((name) => FORCES.test(notes[name] ?? ""));
        for (const name of forced) {
          if (name === "userDataReplaceOnChange") continue;
          const property = table.inputs[name]!;
          const conditional = property.replacesWith ?? property.replacesAfter;
          assert.equal(property.replaces === true || conditional !== undefined, true, name);
        }
      });

      it("gets its automatic name in an optional input", () => {
        if (!table.autoName) return;
        assert.equal(table.autoName.property in table.inputs, true);
        assert.equal(table.inputs[table.autoName.property]!.required, undefined);
      });
    });
  }

  it("replace a security group for a new name, description, prefix or VPC, as securityGroup.d.ts says", () => {
    const group = typeTables.find(({ type }) => type.endsWith(":SecurityGroup"))!;
    const text = declaration(group).replace(/\s*\n\s*\*\s*/g, " ");
    assert.match(text, /`name` change "forces new"/);
    assert.match(text, /`description`, `namePrefix`, or `vpcId` .?cannot be changed/);
    for (const name of ["name", "description", "namePrefix", "vpcId"]) {
      const [change] = diff(group, { [name]: "a" }, { [name]: "b" }).changes;
      assert.equal(change?.replaces, true, name);
    }
  });
});
