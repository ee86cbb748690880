export { createTopics } from "./topics";
