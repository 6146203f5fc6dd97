/**
 * Where the code that V8 compiled is kept, beside no project: in the user's own folder for such things, as it is run without being looked at.
 * Node's own switch, NODE_DISABLE_COMPILE_CACHE, turns it off.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

const { env, platform } = process;

/** Undefined where nothing is to be kept. */
function storeFolder(): string | undefined {
  if (env["NODE_DISABLE_COMPILE_CACHE"]) return undefined;
  const home = homedir();
  const folders: Partial<Record<NodeJS.Platform, string | undefined>> = { darwin: join(home, "Library", "Caches"), win32: env["LOCALAPPDATA"] };
  const chosen = platform in folders ? folders[platform] : (env["XDG_CACHE_HOME"] ?? join(home, ".cache"));
  return chosen !== undefined && isAbsolute(chosen) ? join(chosen, "nippy", "compiled") : undefined;
}

const ENTRY = /^[0-9a-f]{32}(\.\d+\.tmp)?$/;
const DIGEST_BYTES = 32;
const COUNT_BYTES = 8;
const KEPT_DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

export interface Compiled {
  readonly code: Uint8Array;
  /** How many files the run had looked at by then: the more there were, the more of the code had run. */
  readonly files: number;
}

export interface CodeStore {
  /** What was kept of exactly this source for exactly this Node. */
  find(): Compiled | undefined;
  /** Whatever goes wrong, the next run only has more to do. */
  keep(compiled: Compiled): void;
}

/** @param source the bytes of the bundle: V8 itself compares no more than their number */
export function codeStore(source: Uint8Array): CodeStore | undefined {
  const folder = storeFolder();
  if (folder === undefined) return undefined;
  const key = JSON.stringify([process.version, process.arch, process.execArgv, env["NODE_OPTIONS"] ?? ""]);
  const file = join(folder, createHash("sha256").update(source).update(key).digest("hex").slice(0, 32));
  return {
    find() {
      try {
        if (!isOwn(file)) return undefined;
        const bytes = readFileSync(file);
        const content = bytes.subarray(DIGEST_BYTES);
        if (!digestOf(content).equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
        return { files: content.readDoubleLE(0), code: content.subarray(COUNT_BYTES) };
      } catch {
        return undefined;
      }
    },
    keep({ code, files }) {
      try {
        const count = Buffer.alloc(COUNT_BYTES);
        count.writeDoubleLE(files);
        const content = Buffer.concat([count, code]);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const temporary = `${file}.${process.pid}.tmp`;
        writeFileSync(temporary, Buffer.concat([digestOf(content), content]), { mode: 0o600 });
        renameSync(temporary, file);
        sweep(folder);
      } catch {
        // A folder that may not be written, a full disk: the report is what the user asked for. What was left half-written is swept some day.
      }
    },
  };
}

function digestOf(content: Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}

/** Somebody else's file is not run. */
function isOwn(file: string): boolean {
  return process.getuid === undefined || statSync(file).uid === process.getuid();
}

/** Of other versions of Nippy and of Node: whoever still needs one makes it again. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (ENTRY.test(name) && statSync(path).mtimeMs < Date.now() - KEPT_DAYS * DAY) rmSync(path, { force: true });
  }
}
