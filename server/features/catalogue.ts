/** nippy/rules, nippy/pages, nippy/rulePage, nippy/snippets and nippy/guideFiles: what there is to look up, whatever is open. */

import { DEFAULT_SETTINGS } from "../../analysis/analyzer.js";
import { constructs } from "../../guide/constructs/index.generated.js";
import { constructPage, rulePage, snippetPage, type Page } from "../../search/page.js";
import { allSnippets } from "../../snippets/all.js";
import { bodyFor } from "../../snippets/snippet.js";
import { tableOf } from "../capabilities.js";
import { guideFile } from "../guide-files.js";
import {
  GUIDE_FILES,
  PAGES,
  RULE_PAGE,
  RULES,
  SNIPPETS,
  type RuleSummary,
  type SnippetsParams,
  type SnippetSummary,
} from "../protocol.js";
import type { Session } from "../session.js";

export function catalogue({ connection, analyzer, settings }: Session): void {
  connection.onRequest(RULES, (): RuleSummary[] =>
    analyzer.rules.map(({ name, title, why, level, fixes }) => ({ name, title, why, level, fixes })),
  );
  connection.onRequest(
    PAGES,
    async (): Promise<Page[]> => [
      ...analyzer.rules.map(rulePage),
      ...constructs.map(constructPage),
      ...(await allSnippets()).map(snippetPage),
    ],
  );
  connection.onRequest(SNIPPETS, async (params: SnippetsParams | undefined): Promise<SnippetSummary[]> => {
    const { python } = params?.uri === undefined ? DEFAULT_SETTINGS : (await settings.of(params.uri)).analysis;
    return (await allSnippets()).flatMap((snippet) => {
      const {
        prefixes: [name],
        title,
        description,
        family,
        language,
        isFileTemplate,
        guide,
      } = snippet;
      const body = bodyFor(snippet, python);
      return body === undefined ? [] : [{ name, title, description, family, language, isFileTemplate, guide, body }];
    });
  });
  connection.onRequest(RULE_PAGE, (params: unknown): string | null => {
    const name = tableOf(params)["name"];
    const rule = typeof name === "string" ? analyzer.rule(name) : undefined;
    return rule ? analyzer.document(rule) : null;
  });
  connection.onRequest(GUIDE_FILES, (): string[] => analyzer.guide.map(guideFile));
}
