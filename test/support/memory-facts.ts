import type { Facts } from "../../local/host/parameters/parameters";

/** What the host keeps in its database. */
export function memoryFacts(): Facts {
  const facts = new Map<string, string>();
  return {
    fact: (name) => facts.get(name),
    setFact: (name, value) => void facts.set(name, value),
    removeFact: (name) => void facts.delete(name),
  };
}
