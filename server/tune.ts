/** How V8 works for a server under Node. To be imported before everything else: what is loaded already has made the heap grow. */

import { setFlagsFromString } from "node:v8";

/** Versions of V8 that were not measured may not know the flags, and Electron's is not sure to take any once it runs. */
const { v8, electron } = process.versions;
const isKnown = electron === undefined && ["11", "12", "13"].includes(v8.split(".")[0]!);

// With what they call built into them, the functions of a session are compiled into far more code than they are worth. After 500 edits of 3,500 lines
// (Node 20, four seeds) the heap is 5 to 8 % smaller without, and the same edits take no more CPU time: decision 013.
set("--max-inlined-bytecode-size-cumulative=0");
// What is made for one keystroke is gone with the next: it needs no room of 32 MB. A file of 3,520 lines and 120 keystrokes (Node 20): 103 MiB resident
// instead of 127, opening and keystrokes in the same CPU time.
set("--semi-space-growth-factor=1");

/**
 * Functions are compiled, without optimising, when they first run, and not after some time in the interpreter. The first 120 keystrokes of a session in files
 * of 2,600 to 37,000 lines take 5 to 16 % less time (Node 20, beside the same server without it). To be called when everything is loaded: code that runs once
 * is not worth it.
 */
export function compileAtOnce(): void {
  set("--always-sparkplug");
}

/** For large documents. All that is made for one piece of a megabyte would be moved about many times in little room: a keystroke in it takes a fifth longer. */
export function makeRoom(): void {
  set("--semi-space-growth-factor=2");
}

function set(flag: string): void {
  if (isKnown) setFlagsFromString(flag);
}
