export { createNetwork, type NetworkOptions } from "./network";
export { isPartOfNetwork } from "./records";
