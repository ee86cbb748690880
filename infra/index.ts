// `export =`, not `export default`: a CommonJS entry's default is not called, and a bare `pulumi up` would plan to delete everything.
import { program } from "./bare-program";

export = program;
