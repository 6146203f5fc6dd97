/** The view "Rules" in the side bar: what Nippy looks for, by area. A click opens the page of a rule. */

import {
  l10n,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type Disposable,
  type TreeDataProvider,
} from "vscode";
import { RULES, type RuleSummary } from "../server/protocol.js";
import { rulesByArea, ruleSays, type Area } from "./rules-tree.js";
import type { Session } from "./session.js";

type Node = Area | RuleSummary;

/** The rules are asked for when somebody unfolds the view, not before. */
export function registerRulesView(session: Session): Disposable {
  const treeDataProvider: TreeDataProvider<Node> = {
    async getChildren(node) {
      if (node) return "rules" in node ? [...node.rules] : [];
      return [...rulesByArea(await session.ask<readonly RuleSummary[]>(RULES))];
    },
    getTreeItem: (node) => ("rules" in node ? areaItem(node) : ruleItem(node)),
  };
  return window.createTreeView("nippy.rules", { treeDataProvider, showCollapseAll: true });
}

function areaItem({ area, rules }: Area): TreeItem {
  const item = new TreeItem(area, TreeItemCollapsibleState.Collapsed);
  item.id = area;
  item.description = String(rules.length);
  item.accessibilityInformation = { label: `${area}, ${l10n.t("{0} rules", rules.length)}` };
  return item;
}

function ruleItem(rule: RuleSummary): TreeItem {
  const item = new TreeItem(rule.name.slice(rule.name.indexOf("/") + 1));
  const says = ruleSays(rule, l10n.t);
  item.id = rule.name;
  item.description = says;
  item.tooltip = `${rule.title}\n\n${rule.why}`;
  item.iconPath = new ThemeIcon("law");
  item.accessibilityInformation = { label: `${rule.title}, ${rule.name}, ${says}` };
  item.command = { command: "nippy.explainRule", title: l10n.t("Explain Rule"), arguments: [rule.name] };
  return item;
}
