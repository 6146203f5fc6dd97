/** Reads one file as far as that goes without rules: its bytes, its text by Python's encodings, its trees. Runs in whichever thread has time for it. */

import {
  formatOf,
  isNotebook,
  makeTextReader,
  readNotebook,
  unreadText,
  type NotebookCell,
  type ReadText,
} from "../analysis/analyzer.js";
import { isUnfit } from "../host/regular-file.js";
import type { Job } from "./check-file.js";
import { digestOf } from "./digest.js";
import { joined } from "./notebook-file.js";
import { MOST_BYTES, mostBytes, readPython } from "./python-bytes.js";
import { failed, skipped, type FileResult } from "./result.js";
import { decode, decodeNotebook, decodeUtf8, type Encoding } from "./source.js";

export interface Source {
  readonly read: ReadText;
  readonly encoding: Encoding;
  /** Those of a notebook: what is read are they, joined. */
  readonly cells?: readonly NotebookCell[];
  /** Good until the next file is read: they share their memory. */
  readonly bytes: Uint8Array;
  /** Of the bytes, where results are kept. */
  readonly digest?: string;
}

/** What came of a file: its source, or the result that says why there is none. */
export type Reading = { readonly source: Source } | { readonly result: FileResult };

export type ReadSource = (job: Job) => Reading;

/** @param isKept results are wanted with the digest of what they are about */
export function makeSourceReader(isKept: boolean): ReadSource {
  const readText = makeTextReader();
  return (job) => {
    try {
      const bytes = job.bytes ?? readPython(job.absolute);
      const most = mostBytes(job.path);
      if (bytes.length > most)
        return { result: failed(job.path, `This text is larger than ${most / 2 ** 20} MB, so it is not checked.`) };
      const known = isKept && { digest: digestOf(bytes) };
      if (formatOf(job.path) !== undefined) {
        const text = decodeUtf8(bytes);
        // Whether its own readers take it is theirs to say.
        if ("problem" in text)
          return { result: skipped(job.path, "This configuration is not UTF-8, so it is not checked.") };
        return { source: { read: unreadText(text.text), encoding: text.encoding, bytes, ...known } };
      }
      const decoded = (isNotebook(job.path) ? decodeNotebook : decode)(bytes);
      if ("problem" in decoded) return { result: { ...failed(job.path, decoded.problem), ...known } };
      const { text, encoding } = decoded;
      if (!isNotebook(job.path)) return { source: { read: readText(text), encoding, bytes, ...known } };

      const notebook = readNotebook(text);
      if ("skipped" in notebook)
        return { result: skipped(job.path, `This notebook ${notebook.skipped}, so it is not checked.`) };
      if ("problem" in notebook)
        return { result: { ...failed(job.path, `This notebook ${notebook.problem}.`), ...known } };
      const { cells } = notebook;
      const code = joined(cells);
      if (code.length > MOST_BYTES)
        return { result: { ...failed(job.path, "This notebook has more than 10 MB of code."), ...known } };
      return { source: { read: readText(code), encoding, cells, bytes, ...known } };
    } catch (error) {
      return { result: failed(job.path, reasonOf(error)) };
    }
  };
}

/** One file must not cost the report of all the others, whatever is wrong with it. */
export function reasonOf(error: unknown): string {
  if (isUnfit(error)) return `This file ${error.message}, so it is not checked.`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "This file was deleted while files were being checked.";
  if (code === "EACCES" || code === "EPERM") return "You have no permission to read this file.";
  if (code !== undefined) return `This file cannot be read (${code}).`;
  return `Nippy failed on this file (${message}). Please report it, with the file if you can.`;
}
