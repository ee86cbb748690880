import { oddRequests } from "../../../support/odd-requests";

/** Their beginning is in test/unit/runtime/verify. */
oddRequests(100_000);
