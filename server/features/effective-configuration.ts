/** nippy/effectiveConfiguration: what holds for a file, and which line of which file says so. */

import { effectiveRows, rowsInText, visible } from "../../analysis/analyzer.js";
import { EFFECTIVE_CONFIGURATION, type EffectiveConfigurationParams } from "../protocol.js";
import type { Session } from "../session.js";
import { pathOf, relativeTo } from "../uris.js";

const LONGEST_LINE = 500;

export function effectiveConfiguration({ connection, settings }: Session): void {
  connection.onRequest(EFFECTIVE_CONFIGURATION, async ({ uri }: EffectiveConfigurationParams): Promise<string> => {
    const [resource, project] = await Promise.all([settings.of(uri), settings.project(uri)]);
    const { layers, source } = resource.preference === "editorOnly" ? { layers: [] } : project;
    const top = settings.folderOf(uri);
    const shown = (file: string) => (top === undefined ? undefined : relativeTo(top, file)) ?? pathOf(file);
    const rows = effectiveRows({
      settings: resource.analysis,
      layers,
      target: resource.target,
      pythonFrom: resource.pythonFrom,
      path: (source && relativeTo(source.folder, uri)) ?? "",
      isExcluded: resource.isOff,
      shown,
      beside: {
        said: resource.editor,
        from: "the editor's settings",
        isStronger: resource.preference !== "projectFirst",
      },
    });
    const safe = (text: string) => visible(text, LONGEST_LINE);
    return `${safe(shown(uri))}\n${rowsInText(rows, safe)}`;
  });
}
