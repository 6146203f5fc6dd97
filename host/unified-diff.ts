/** A unified diff that `git apply` and `patch -p1` take. */

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

export function unifiedDiff(path: string, before: string, after: string): string {
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
