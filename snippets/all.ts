/** The product's snippets: read when somebody first asks, and kept. */

import { families } from "./index.generated.js";
import { readFamily, type Family, type Snippet } from "./snippet.js";

let reading: Promise<readonly Snippet[]> | undefined;

export function allSnippets(): Promise<readonly Snippet[]> {
  return (reading ??= read());
}

async function read(): Promise<readonly Snippet[]> {
  const all = await Promise.all(
    Object.entries(families).map(async ([family, load]) => readFamily(family, (await load()).default as Family)),
  );
  return all.flat();
}
