import type { PostQueueHandler } from "./handlers";

/** Without user code every event is stored as it is. A default export because that is the contract of user code. */
const storeEvery: PostQueueHandler = () => undefined;

export default storeEvery;
