/** What activation does, on the desktop and in the browser alike: it registers, and leaves all work until there is a Python file or a configuration to look at. */

import { languages, window, workspace, type ExtensionContext, type TextDocument } from "vscode";
import { CONFIGURATIONS, GUIDE_FILES, PAGES, RULE_PAGE } from "../server/protocol.js";
import { registerAssistantTools } from "./assistant-tools.js";
import { registerCommands } from "./commands.js";
import { createDebugInfo } from "./debug-info.js";
import { registerEffectiveConfiguration } from "./effective-configuration.js";
import { registerFindingsView } from "./findings-view.js";
import { registerGuide } from "./guide.js";
import { createHeldLine } from "./held-line.js";
import { registerRulesView } from "./rules-view.js";
import { createSession, type CreateClient, type Session } from "./session.js";
import { createStatusItem } from "./status.js";

export function start(context: ExtensionContext, createClient: CreateClient): Session {
  const channel = window.createOutputChannel("Nippy", { log: true });
  const schemes = documentSchemes();
  const selector = schemes.map((scheme) => ({ language: "python", scheme }));
  // By their names, not their languages: other TOML is nobody's business here.
  const all = [...selector, ...schemes.map((scheme) => ({ scheme, pattern: CONFIGURATIONS }))];
  const status = createStatusItem(selector);
  const debug = createDebugInfo(context, channel, status.server);
  const { log } = debug;
  const held = createHeldLine();
  const session = createSession({ log, selector: all, status, held }, createClient);
  const guide = registerGuide(context, {
    files: () => session.ask(GUIDE_FILES),
    pages: () => session.ask(PAGES),
    rulePage: (name) => session.ask(RULE_PAGE, { name }),
  });
  context.subscriptions.push(
    channel,
    status,
    held,
    ...registerCommands(context, { session, guide, log, debug }),
    ...registerEffectiveConfiguration(session),
    ...registerFindingsView(session, context.workspaceState),
    registerRulesView(session),
    ...registerAssistantTools(session),
  );

  const startFor = (document: TextDocument): void => {
    if (languages.match(all, document) > 0) void session.wake();
  };
  context.subscriptions.push(workspace.onDidOpenTextDocument(startFor));
  workspace.textDocuments.forEach(startFor);
  return session;
}

/** Where people edit code. Old versions (`git:` and the like) are left out: findings there help nobody. */
const SCHEMES = ["file", "untitled", "vscode-notebook-cell", "vscode-vfs", "vscode-remote", "vscode-test-web"];

/** A virtual workspace of any other kind tells its scheme by its folders. */
function documentSchemes(): readonly string[] {
  const folders = (workspace.workspaceFolders ?? []).map((it) => it.uri.scheme);
  return [...new Set([...SCHEMES, ...folders])];
}
