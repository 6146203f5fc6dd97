/** What ends a run with exit code 2: sentences for the user, each told on a line of its own and without a stack. */

export class Trouble extends Error {
  override readonly name = "Trouble";
  readonly sentences: readonly string[];

  constructor(...sentences: readonly string[]) {
    super(sentences.join(" "));
    this.sentences = sentences;
  }
}

/** By its name, because each bundle has a class of its own. */
export function isTrouble(error: unknown): error is Trouble {
  return error instanceof Error && error.name === "Trouble";
}
