/** Makes the virtual environment that the tests run third-party Python in, before any test has to wait for it. Where it cannot be made, the tests that need it say so themselves. */
import { pythonWith } from "../test/harness/python.js";

const python = pythonWith(["numpy"]);
console.log("reason" in python ? `no test environment: ${python.reason}` : `test environment: ${python.path}`);
