/** A bar on standard error that appears when a run takes longer than a second and somebody is looking. */

export interface Progress {
  step(): void;
  /** Takes the bar off the screen. */
  end(): void;
}

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const APPEARS_AFTER = 1000;
const REDRAWN_EVERY = 100;
/** Where the terminal says none, or 0: in containers, or with what a build server gives for a terminal. */
const WIDTH = 80;

/** Without a screen nothing is drawn. */
export function progress(total: number, screen: Screen | undefined, now: () => number = Date.now): Progress {
  const began = now();
  let done = 0;
  let drawn = 0;
  return {
    step() {
      done++;
      const time = now();
      if (!screen?.isTTY || time - began < APPEARS_AFTER || time - drawn < REDRAWN_EVERY) return;
      drawn = time;
      screen.write(`\r${bar(done, total, screen.columns || WIDTH)}\u001b[K`);
    },
    end() {
      if (drawn > 0) screen?.write("\r\u001b[K");
    },
  };
}

/** Leaves the last column free: some terminals wrap when it is filled. */
function bar(done: number, total: number, columns: number): string {
  const count = ` ${done} of ${total} files`;
  const width = Math.min(40, columns - count.length - 3);
  if (width < 5) return count.trim().slice(0, Math.max(0, columns - 1));
  const full = Math.round((done / total) * width);
  return `[${"#".repeat(full)}${"-".repeat(width - full)}]${count}`;
}
