// fauxqs is an ES module only; TypeScript's CommonJS output can reach it through this one.
export { startFauxqs } from "fauxqs";
