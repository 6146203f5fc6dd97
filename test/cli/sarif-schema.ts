/** The schema of SARIF 2.1.0, taken from Microsoft's own matchers for tests, and what does not fit it in a log. */

import Schema from "ajv-draft-04";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const PACKAGE = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";

const find = createRequire(resolve("package.json")).resolve;
const schema = JSON.parse(readFileSync(find(PACKAGE), "utf8")) as object;
const isUri = (text: string) => URL.canParse(text);
const isReference = (text: string) => URL.canParse(text, "file:///");
const isDate = (text: string) => !Number.isNaN(Date.parse(text));
const validate = new Schema.default({
  allErrors: true,
  strict: false,
  // One of its patterns has a bracket that only the old syntax allows.
  unicodeRegExp: false,
  formats: { uri: isUri, "uri-reference": isReference, "date-time": isDate },
}).compile(schema);

export function schemaErrors(log: unknown): readonly string[] {
  if (validate(log)) return [];
  return (validate.errors ?? []).map((it) => `${it.instancePath}: ${it.message}`);
}
