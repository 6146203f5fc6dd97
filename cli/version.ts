/** The version of the product, from the package.json that is shipped beside the bundle's folder. */

import { readFileSync } from "node:fs";

export function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return text;
}
