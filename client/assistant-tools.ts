/** The tools that language models of the editor may use. They read and answer; none of them writes, opens or shows anything. */

import {
  l10n,
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
  Uri,
  workspace,
  type CancellationToken,
  type Disposable,
  type LanguageModelTool,
  type LanguageModelToolTokenizationOptions,
} from "vscode";
import { CHECK, EXPLAIN, SAFE_FIXES, type Checked, type SafeFixes } from "../server/protocol.js";
import { checkText, fixesText, type Room } from "./assistant-text.js";
import type { Session } from "./session.js";

/** As a model wrote it: the schema in package.json says what it should be. */
interface Input {
  readonly paths?: readonly string[];
  readonly min_level?: string;
  readonly limit?: number;
  readonly rules?: readonly string[];
  readonly rule?: string;
}

export function registerAssistantTools(session: Session): readonly Disposable[] {
  // Editors that are made from VS Code may leave language models out.
  if (typeof lm?.registerTool !== "function") return [];
  const tool = (
    name: string,
    message: string,
    answer: (input: Input, room: Room | undefined) => Promise<string>,
  ): Disposable =>
    lm.registerTool<Input>(name, {
      prepareInvocation: () => ({ invocationMessage: message }),
      async invoke({ input, tokenizationOptions }, token) {
        const text = await answer(input, roomOf(tokenizationOptions, token));
        return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
      },
    } satisfies LanguageModelTool<Input>);
  return [
    tool("nippy_check", l10n.t("Checking Python with Nippy"), async ({ paths, min_level, limit }, room) => {
      const uris = await addressesOf(paths);
      return checkText(await session.ask<Checked>(CHECK, { uris, minLevel: min_level, limit }), shown, room);
    }),
    tool("nippy_safe_fixes", l10n.t("Working out safe fixes with Nippy"), async ({ paths, rules }, room) => {
      const uris = await addressesOf(paths);
      return fixesText(await session.ask<SafeFixes>(SAFE_FIXES, { uris, rules }), room);
    }),
    tool("nippy_explain", l10n.t("Reading about a rule of Nippy"), ({ rule }) =>
      session.ask<string>(EXPLAIN, { name: rule }),
    ),
  ];
}

function shown(uri: string): string {
  return workspace.asRelativePath(Uri.parse(uri));
}

function roomOf(options: LanguageModelToolTokenizationOptions | undefined, token: CancellationToken): Room | undefined {
  return options && { tokens: options.tokenBudget, count: (text) => options.countTokens(text, token) };
}

/** Absolute or from a workspace folder on. An error tells the model what to write instead. */
async function addressesOf(paths: readonly string[] = []): Promise<readonly string[]> {
  return Promise.all(paths.map(addressOf));
}

async function addressOf(path: string): Promise<string> {
  const folders = workspace.workspaceFolders ?? [];
  const places = /^([a-z]:)?[\\/]/i.test(path)
    ? folders
        .slice(0, 1)
        .map((it) => it.uri.with({ path: Uri.file(path).path }))
        .concat(folders.length === 0 ? [Uri.file(path)] : [])
    : folders.map((it) => Uri.joinPath(it.uri, path));
  for (const place of places) {
    try {
      await workspace.fs.stat(place);
      return place.toString();
    } catch {
      // Perhaps in another folder.
    }
  }
  throw new Error(
    `There is no file or folder "${path}". Give a path from the workspace folder on, or an absolute one.`,
  );
}
