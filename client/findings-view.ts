/** The view "Findings by Value": a tree of groups and findings, a badge with their number, and what can be done about them. */

import {
  commands,
  ConfigurationTarget,
  EventEmitter,
  l10n,
  MarkdownString,
  NotebookEditorRevealType,
  NotebookRange,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  workspace,
  type Disposable,
  type Memento,
  type TreeDataProvider,
  type Uri,
} from "vscode";
import {
  CLEAR_WORKSPACE,
  FIX_WORKSPACE,
  RULES,
  SILENCE,
  type Fixed,
  type FixRequest,
  type RuleSummary,
  type SilenceRequest,
} from "../server/protocol.js";
import { followFindings, LEVELS, type Found } from "./findings.js";
import {
  areaOf,
  grouped,
  GROUPINGS,
  isShown,
  type Filter,
  type Group,
  type Grouping,
  type Weighed,
  findingLabel,
  groupLabel,
} from "./findings-tree.js";
import type { Session } from "./session.js";

interface Leaf extends Weighed {
  readonly found: Found;
}

type Node = Group<Leaf> | Leaf;

const VIEW = "nippy.findings";
const NO_FILTER: Filter = { levels: [], areas: [] };
/** A change of one file is followed by those of others. In milliseconds. */
const GATHER = 200;

export function registerFindingsView(session: Session, memory: Memento): readonly Disposable[] {
  const findings = followFindings();
  const changed = new EventEmitter<undefined>();
  let rules: ReadonlyMap<string, RuleSummary> | undefined;
  let grouping = memory.get<Grouping>("findings.grouping", "rule");
  let filter = memory.get<Filter>("findings.filter", NO_FILTER);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const leaves = (): Leaf[] =>
    findings
      .all()
      .filter((it) => isShown(filter, it))
      .map((found) => ({
        rule: found.rule,
        level: found.level,
        value: found.value,
        path: workspace.asRelativePath(found.uri, false),
        line: found.diagnostic.range.start.line,
        found,
      }));
  const provider: TreeDataProvider<Node> = {
    onDidChangeTreeData: changed.event,
    async getChildren(node) {
      if (node) return "findings" in node ? [...node.findings] : [];
      const all = leaves();
      if (all.length > 0) rules ??= await rulesOf(session);
      return [...grouped(all, grouping)];
    },
    getTreeItem: (node) => ("findings" in node ? groupItem(node, grouping, rules) : leafItem(node, rules)),
    getParent: (node) =>
      "findings" in node ? undefined : grouped(leaves(), grouping).find((it) => it.findings.includes(node)),
  };
  const view = window.createTreeView(VIEW, { treeDataProvider: provider, showCollapseAll: true });

  const show = (): void => {
    const total = findings.all().length;
    const shown = isFiltered(filter) ? leaves().length : total;
    const label = counted(total);
    view.badge = total === 0 ? undefined : { value: total, tooltip: label };
    view.description = isFiltered(filter) ? l10n.t("{0} of {1}", shown, label) : total === 0 ? "" : label;
    changed.fire(undefined);
  };
  const showSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(show, GATHER);
  };
  const group = async (by: Grouping): Promise<void> => {
    grouping = by;
    await memory.update("findings.grouping", by);
    await commands.executeCommand("setContext", "nippy.findings.grouping", by);
    show();
  };
  const choose = async (): Promise<void> => {
    const chosen = await pickFilter(filter, findings.all());
    if (!chosen) return;
    filter = chosen;
    await memory.update("findings.filter", filter);
    show();
  };
  show();
  void commands.executeCommand("setContext", "nippy.findings.grouping", grouping);

  const handlers: Readonly<Record<string, (node: Node | undefined) => unknown>> = {
    ...Object.fromEntries(GROUPINGS.map((by) => [`${VIEW}.by.${by}`, () => group(by)])),
    [`${VIEW}.filter`]: choose,
    [`${VIEW}.clear`]: () => session.run(CLEAR_WORKSPACE),
    [`${VIEW}.fix`]: (node) => node && fixAll(session, requestFor(node, grouping)),
    [`${VIEW}.explain`]: (node) => node && commands.executeCommand("nippy.explainRule", ruleOf(node)),
    [`${VIEW}.offHere`]: (node) => node && silence(session, node, "line"),
    [`${VIEW}.offInFile`]: (node) => node && silence(session, node, "file"),
    [`${VIEW}.offInProject`]: (node) => node && silence(session, node, "project"),
    [`${VIEW}.offInFolder`]: (node) => node && turnOffInSettings(node),
    "nippy.fixRuleEverywhere": async () => {
      const rule = await pickFixed(session);
      return rule === undefined ? undefined : fixAll(session, { rules: [rule] });
    },
  };
  return [
    ...Object.entries(handlers).map(([name, handler]) => commands.registerCommand(name, handler)),
    commands.registerCommand(`${VIEW}.openCell`, openCell),
    findings.onChange(showSoon),
    { dispose: () => clearTimeout(timer) },
    findings,
    changed,
    view,
  ];
}

function isFiltered({ levels, areas }: Filter): boolean {
  return levels.length > 0 || areas.length > 0;
}

async function rulesOf(session: Session): Promise<ReadonlyMap<string, RuleSummary>> {
  const all = await session.ask<readonly RuleSummary[]>(RULES);
  return new Map(all.map((it) => [it.name, it]));
}

function groupItem(
  { name, findings }: Group<Leaf>,
  grouping: Grouping,
  rules: ReadonlyMap<string, RuleSummary> | undefined,
): TreeItem {
  const shown = grouping === "value" ? bandName(name) : name;
  const item = new TreeItem(shown, TreeItemCollapsibleState.Collapsed);
  const rule = grouping === "rule" ? rules?.get(name) : undefined;
  const isFixed = findings.some((it) => (rules?.get(it.rule)?.fixes ?? null) !== null);
  const count = counted(findings.length);
  item.id = `${grouping}:${name}`;
  item.description = rule ? `${findings.length} · ${rule.title}` : String(findings.length);
  item.tooltip = rule ? `${rule.title} (${name}): ${count}\n\n${rule.why}` : `${shown}: ${count}`;
  item.iconPath = new ThemeIcon(ICONS[grouping]);
  item.contextValue = `${grouping === "rule" ? "rule" : "group"}${isFixed ? ".fixed" : ""}`;
  item.accessibilityInformation = { label: groupLabel(rule?.title, shown, count) };
  return item;
}

function counted(findings: number): string {
  return findings === 1 ? l10n.t("1 finding") : l10n.t("{0} findings", findings);
}

function bandName(name: string): string {
  return name === "High value"
    ? l10n.t("High value")
    : name === "Medium value"
      ? l10n.t("Medium value")
      : l10n.t("Low value");
}

const ICONS: Readonly<Record<Grouping, string>> = { rule: "law", folder: "folder", value: "graph" };
const LEVEL_ICONS: Readonly<Record<Found["level"], string>> = {
  error: "error",
  warning: "warning",
  info: "info",
  hint: "lightbulb",
};

function leafItem(leaf: Leaf, rules: ReadonlyMap<string, RuleSummary> | undefined): TreeItem {
  const { found, path, line } = leaf;
  const { uri, rule, level, message, diagnostic, value, fingerprint, cell } = found;
  const text = plain(message);
  const item = new TreeItem(text);
  // In a notebook the message says the cell.
  const place = cell === undefined ? `${path}:${line + 1}` : path;
  const worth = l10n.t("value {0}", value);
  item.id = `${uri.toString()} ${fingerprint}`;
  item.description = place;
  item.tooltip = new MarkdownString().appendText(`${text}\n\n${rule} · ${level} · ${worth}\n\n${place}`);
  item.iconPath = new ThemeIcon(LEVEL_ICONS[level]);
  // A notebook is repaired when it is open.
  const isFixed = cell === undefined && (rules?.get(rule)?.fixes ?? null) !== null;
  item.contextValue = `finding${isFixed ? ".fixed" : ""}`;
  item.accessibilityInformation = { label: findingLabel(leaf, text, place, worth) };
  const title = l10n.t("Go to Finding");
  item.command =
    cell === undefined
      ? { command: "vscode.open", title, arguments: [uri, { selection: diagnostic.range, preview: true }] }
      : { command: `${VIEW}.openCell`, title, arguments: [uri, cell] };
  return item;
}

/** The place in the file says nothing to the editor of a notebook. */
async function openCell(uri: Uri, cell: number): Promise<void> {
  const notebook = await workspace.openNotebookDocument(uri);
  const at = new NotebookRange(cell, cell + 1);
  const editor = await window.showNotebookDocument(notebook, { preview: true, selections: [at] });
  editor.revealRange(at, NotebookEditorRevealType.InCenterIfOutsideViewport);
}

/** Trees show text as it is. */
function plain(message: string): string {
  return message.replaceAll("`", "");
}

function ruleOf(node: Node): string {
  return "findings" in node ? node.findings[0]!.rule : node.rule;
}

/** A rule means all its findings, seen or not; any other group those that are shown. */
function requestFor(node: Node, grouping: Grouping): FixRequest {
  if ("findings" in node && grouping === "rule") return { rules: [node.name] };
  const leaves = "findings" in node ? node.findings : [node];
  const files = new Map<string, string[]>();
  for (const { found } of leaves) {
    const uri = found.uri.toString();
    files.set(uri, [...(files.get(uri) ?? []), found.fingerprint]);
  }
  return { files: [...files].map(([uri, fingerprints]) => ({ uri, fingerprints })) };
}

async function fixAll(session: Session, request: FixRequest): Promise<Fixed> {
  const answer = await session.run<Fixed>(FIX_WORKSPACE, request);
  if (answer.fixes === 0) void window.showInformationMessage(l10n.t("Nippy has no fix for these findings."));
  return answer;
}

async function silence(session: Session, node: Node, where: SilenceRequest["where"]): Promise<void> {
  const { found } = "findings" in node ? node.findings[0]! : node;
  const request: SilenceRequest = {
    uri: found.uri.toString(),
    rule: found.rule,
    fingerprint: found.fingerprint,
    where,
  };
  if (!(await session.run<boolean>(SILENCE, request)))
    void window.showWarningMessage(l10n.t("Nippy could not turn {0} off here by an edit.", found.rule));
}

/** In the folder's settings, for whoever works with this window. */
async function turnOffInSettings(node: Node): Promise<void> {
  const { found } = "findings" in node ? node.findings[0]! : node;
  const section = workspace.getConfiguration("nippy", found.uri);
  const own = section.inspect<Readonly<Record<string, string>>>("levels");
  const inFolder = workspace.workspaceFile !== undefined;
  const before = (inFolder ? own?.workspaceFolderValue : own?.workspaceValue) ?? {};
  const target = inFolder ? ConfigurationTarget.WorkspaceFolder : ConfigurationTarget.Workspace;
  // A later entry overrides an earlier one.
  const { [found.rule]: _, ...others } = before;
  await section.update("levels", { ...others, [found.rule]: "off" }, target);
}

async function pickFilter(filter: Filter, all: readonly Found[]): Promise<Filter | undefined> {
  const [level, area] = [l10n.t("level"), l10n.t("area")];
  const areas = [...new Set(all.map((it) => areaOf(it.rule)))].sort();
  const items = [
    ...LEVELS.map((name) => ({ label: name, description: level, picked: filter.levels.includes(name) })),
    ...areas.map((name) => ({ label: name, description: area, picked: filter.areas.includes(name) })),
  ];
  const chosen = await window.showQuickPick(items, {
    title: l10n.t("Show only these findings"),
    placeHolder: l10n.t("Levels and areas; nothing chosen shows all"),
    canPickMany: true,
  });
  const names = (kind: string) => chosen?.filter((it) => it.description === kind).map((it) => it.label) ?? [];
  return chosen && { levels: names(level), areas: names(area) };
}

async function pickFixed(session: Session): Promise<string | undefined> {
  const items = [...(await rulesOf(session)).values()]
    .filter((it) => it.fixes !== null)
    .map(({ name, title, fixes }) => ({
      label: name,
      description: fixes === "safe" ? l10n.t("safe fix") : l10n.t("fix to review"),
      detail: title,
    }));
  const options = { title: l10n.t("Fix a rule across the workspace"), matchOnDetail: true };
  return (await window.showQuickPick(items, options))?.label;
}
