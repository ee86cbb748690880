import { oddRequests } from "../../../support/odd-requests";

/** The first of those in test/matrix/runtime/verify. */
oddRequests(4_300);
