/** `nippy lsp`: the language server, for editors that start it by a command. It is a bundle of its own, loaded from beside this one. */

/** Runs until the client hangs up. */
export async function serve(): Promise<number> {
  await import(new URL("server.mjs", import.meta.url).href);
  return 0;
}
