import * as pulumi from "@pulumi/pulumi";

type Outputs = Record<string, unknown>;

/**
 * A program whose outputs are there only once everything is that it asks for. Of themselves they would be told as soon
 * as each is known, also by a run that fails at something else: whoever reads them would take the stack for complete.
 */
export function toldWhenMade(program: () => Promise<Outputs>): () => Promise<Outputs> {
  return async () => {
    const asked: pulumi.Resource[] = [];
    pulumi.runtime.registerStackTransformation(({ resource }) => {
      asked.push(resource);
      return undefined;
    });
    const outputs = await program();
    const made = pulumi.all(asked.map(({ urn }) => urn));
    const told = Object.entries(outputs).map(
      ([key, value]) => [key, pulumi.all([value, made]).apply(([own]) => own)] as const,
    );
    return Object.fromEntries(told);
  };
}
