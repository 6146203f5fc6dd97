/** The formats `nippy check` can print, each a function from a result to a text; only the one asked for is loaded. */

import type { Analyzer } from "../../analysis/analyzer.js";
import type { Format } from "../options.js";
import type { CheckResult } from "../result.js";

/** What a report may know besides the findings. */
export interface ReportContext {
  readonly color: boolean;
  readonly version: string;
  /** The folder that code hosts count paths from. */
  readonly root: string;
  /** The text that a path's findings are about, where it can still be read. */
  textOf(path: string): string | undefined;
  /** For the rules' own pages. */
  analyzer(): Promise<Analyzer>;
}

export type Report = (result: CheckResult, context: ReportContext) => string | Promise<string>;

const REPORTS: Readonly<Record<Format, () => Promise<Report>>> = {
  text: async () => (await import("./text.js")).textReport,
  concise: async () => (await import("./text.js")).conciseReport,
  json: async () => (await import("./json.js")).jsonReport,
  "json-lines": async () => (await import("./json.js")).jsonLinesReport,
  sarif: async () => (await import("./sarif.js")).sarifReport,
  github: async () => (await import("./github.js")).githubReport,
  gitlab: async () => (await import("./gitlab.js")).gitlabReport,
  junit: async () => (await import("./junit.js")).junitReport,
  rdjson: async () => (await import("./rdjson.js")).rdjsonReport,
};

export async function makeReport(format: Format, result: CheckResult, context: ReportContext): Promise<string> {
  return (await REPORTS[format]())(result, context);
}
