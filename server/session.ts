/** What every feature works with: one client, one analyzer, the documents that are open. */

import type { Connection } from "vscode-languageserver";
import type { Analyzer, GuideAnchor } from "../analysis/analyzer.js";
import type { Background } from "./background.js";
import type { Client } from "./capabilities.js";
import type { Documents } from "./documents.js";
import type { Log } from "./log.js";
import type { SettingsDesk } from "./settings.js";
import type { Survey } from "./survey.js";
import type { Files } from "./target.js";

export interface Session {
  readonly connection: Connection;
  readonly client: Client;
  readonly analyzer: Analyzer;
  readonly documents: Documents;
  readonly settings: SettingsDesk;
  /** Of the files that are not open. */
  readonly survey: Survey;
  readonly files: Files;
  readonly log: Log;
  readonly background: Background;
  readonly guideUrl: (anchor: GuideAnchor) => string;
}
