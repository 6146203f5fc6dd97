/** "Copy Debug Information" and "Report Issue": what of this window a bug may have to do with. */

import { commands, env, l10n, version, window, workspace, type ExtensionContext, type LogOutputChannel } from "vscode";
import { debugText, type Failure } from "./debug-text.js";

const MOST_FAILURES = 10;

export interface DebugInfo {
  /** The same log; what it is told of errors is kept for a report. */
  readonly log: LogOutputChannel;
  text(): string;
}

export function createDebugInfo(context: ExtensionContext, channel: LogOutputChannel, server: () => string): DebugInfo {
  const failures: Failure[] = [];
  const error = (first: string | Error, ...more: unknown[]): void => {
    failures.push({ time: new Date(), message: [first, ...more].map(firstLine).join(" ") });
    if (failures.length > MOST_FAILURES) failures.shift();
    channel.error(first, ...more);
  };
  return {
    log: Object.create(channel, { error: { value: error } }) as LogOutputChannel,
    text: () =>
      debugText(
        {
          nippy: context.extension.packageJSON.version as string,
          editor: `${env.appName} ${version} (${env.appHost})`,
          system: systemName(),
          remote: env.remoteName,
          isTrusted: workspace.isTrusted,
          server: server(),
        },
        changedSettings(context.extension.packageJSON.contributes.configuration.properties as Properties),
        failures,
        [...(workspace.workspaceFolders ?? []).map((it) => it.uri.fsPath), ...homes()],
      ),
  };
}

export async function copyDebugInfo(info: DebugInfo): Promise<string> {
  const text = info.text();
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(l10n.t("Nippy: the debug information is in the clipboard"), 5000);
  return text;
}

/** VS Code's own form: the user reads what is sent, and sends it. */
export async function reportIssue(context: ExtensionContext, info: DebugInfo): Promise<object> {
  const report = { extensionId: context.extension.id, data: info.text() };
  await commands.executeCommand("workbench.action.openIssueReporter", report);
  return report;
}

/** A stack names the folders it lies in. */
function firstLine(value: unknown): string {
  return String(value).split("\n", 1)[0]!;
}

type Properties = Readonly<Record<string, { readonly default?: unknown }>>;

function changedSettings(properties: Properties): Readonly<Record<string, unknown>> {
  const section = workspace.getConfiguration("nippy");
  const names = Object.keys(properties).map((it) => it.replace(/^nippy\./, ""));
  const isChanged = (name: string) =>
    JSON.stringify(section.get(name)) !== JSON.stringify(properties[`nippy.${name}`]?.default);
  return Object.fromEntries(names.filter(isChanged).map((name) => [name, section.get(name)]));
}

/** In the browser there is no process. */
const host = globalThis.process as NodeJS.Process | undefined;

function systemName(): string {
  return host?.platform === undefined ? "browser" : `${host.platform} ${host.arch}, Node ${host.versions?.node}`;
}

function homes(): readonly string[] {
  return [host?.env?.["HOME"], host?.env?.["USERPROFILE"]].filter((it) => it !== undefined);
}
