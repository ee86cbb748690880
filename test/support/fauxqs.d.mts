export { startFauxqs } from "fauxqs";
