/** Runs a bundle with what V8 compiled of it in an earlier run: a scan is short, and every thread would compile most of the code anew. */

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";

export interface Running {
  readonly exports: unknown;
  readonly script: Script;
  /** It was made of these bytes; otherwise it was compiled anew. */
  readonly isCompiled: boolean;
}

type Bundle = (exports: unknown, require: NodeJS.Require, module: { exports: unknown }, filename: string, dirname: string, url: string) => void;

/**
 * @param file an absolute path
 * @param source its bytes: one function, see esbuild.mjs
 */
export function runScript(file: string, source: Buffer, compiled: Uint8Array | undefined): Running {
  const script = new Script(source.toString(), { filename: file, ...(compiled && { cachedData: compiled }) });
  const module = { exports: {} };
  (script.runInThisContext() as Bundle)(module.exports, createRequire(file), module, file, dirname(file), pathToFileURL(file).href);
  return { exports: module.exports, script, isCompiled: compiled !== undefined && script.cachedDataRejected === false };
}
