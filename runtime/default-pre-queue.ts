import type { PreQueueHandler } from "./handlers";

/** Without user code every event is kept. A default export because that is the contract of user code. */
const keepEvery: PreQueueHandler = () => undefined;

export default keepEvery;
