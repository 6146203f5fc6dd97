/** What ends a run with exit code 2: its message is one sentence for the user, told without a stack. */

export class Trouble extends Error {
  override readonly name = "Trouble";
}

/** By its name, because each bundle has a class of its own. */
export function isTrouble(error: unknown): error is Trouble {
  return error instanceof Error && error.name === "Trouble";
}
