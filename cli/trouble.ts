/** What ends a run with exit code 2: its message is one sentence for the user, told without a stack. */

export class Trouble extends Error {}
