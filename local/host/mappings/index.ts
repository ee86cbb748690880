export { createMappings, type MappingsOptions } from "./mappings";
