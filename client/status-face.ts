/** What the language status says of the server and of the file in front: its words, without the window. */

import type { Status } from "../server/protocol.js";
import type { Translate } from "./target-text.js";

export type ServerState = "starting" | "running" | "failed" | "stopped";

export interface Face {
  readonly text: string;
  readonly detail?: string;
  readonly severity?: "warning" | "error";
  readonly busy?: boolean;
  /** What a click does: shows the log, starts the server, or opens the settings that are looked for. */
  readonly does: "showLogs" | "start" | { readonly settings: string };
}

/** `shown` says a file as messages show it. */
export function faceOf(
  server: ServerState,
  news: Status | undefined,
  t: Translate,
  shown: (uri: string) => string,
): Face {
  if (server === "starting") return { text: t("starting"), busy: true, does: "showLogs" };
  if (server === "failed") return { text: t("could not start"), severity: "error", does: "showLogs" };
  if (server === "stopped") return { text: t("not running"), severity: "warning", does: "start" };
  switch (news?.state) {
    case undefined:
      return { text: t("ready"), does: "showLogs" };
    case "analysing":
      return { text: t("looking"), busy: true, does: "showLogs" };
    case "ready": {
      const time = `${milliseconds(news.milliseconds)} ms`;
      const { configuration } = news;
      const source = configuration === undefined ? t("no configuration file") : shown(configuration);
      return { text: counted(news.findings, t), detail: `${time} · ${source}`, does: "showLogs" };
    }
    case "off":
      return { text: t("off for this file"), does: { settings: "nippy.enable nippy.exclude" } };
    case "tooLarge":
      return { text: t("file too large"), severity: "warning", does: { settings: "nippy.maxFileSize" } };
    case "error":
      return { text: t("failed on this file"), severity: "error", does: "showLogs" };
  }
}

function counted(findings: number, t: Translate): string {
  if (findings === 0) return t("no findings");
  return findings === 1 ? t("1 finding") : t("{0} findings", findings);
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
