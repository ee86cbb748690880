export { createFunctions, type FunctionsOptions } from "./functions";
