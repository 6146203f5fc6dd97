/** Milliseconds that "fix all" may take for an editor that waits: what is not done by then stays as it was, and is offered again. */
export const ANSWER = 700;

/** Answers true once so many milliseconds are over, or nobody waits any more. */
export function within(milliseconds: number, isCancelled = () => false): () => boolean {
  const end = performance.now() + milliseconds;
  return () => isCancelled() || performance.now() > end;
}
