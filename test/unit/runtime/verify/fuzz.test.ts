import { fuzzVerification } from "../../../support/verification-fuzz";

/** Fifty times as many are in the matrix. */
fuzzVerification(2_000);
