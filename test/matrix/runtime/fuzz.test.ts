import { fuzzVerification } from "../../support/verification-fuzz";

fuzzVerification(100_000);
