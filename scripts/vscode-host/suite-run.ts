/** What a test run inside VS Code needs to know, whichever VS Code it is. */

export interface SuiteRun {
  readonly root: string;
  /** The folder the window opens; the tests may write in it. */
  readonly workspace: string;
  /** The bundled suite; it exports `run()`. */
  readonly suite: string;
  /** The extension under development: VS Code runs tests only when there is one. */
  readonly extension: string;
  /** A packed extension to install first; the extension under development is then an empty one. */
  readonly vsix: string | undefined;
}
