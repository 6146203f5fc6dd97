/** The report for code scanning: SARIF 2.1.0 with relative paths, stable fingerprints, the rules' pages and their fixes. */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ArtifactLocation, Fix, Location, Log, Notification, Region, ReportingDescriptor, Result } from "sarif";
import type { Analyzer, Rule } from "../../analysis/analyzer.js";
import { guideUrl } from "../../guide/address.js";
import { uriOf } from "../paths.js";
import {
  byValue,
  counted,
  inFile,
  lineOf,
  isIncomplete,
  listed,
  listedKnown,
  type CheckResult,
  type LocatedFinding,
  type PlacedFinding,
  type PlacedFix,
  type PlacedRange,
} from "../result.js";
import { jsonText } from "../terminal.js";
import type { ReportContext } from "./report.js";

const ROOT = "SRCROOT";

/** Code hosts cut longer texts off. */
const MOST_CHARACTERS = 1024;

/** GitHub refuses a file with more. */
const MOST_RESULTS = 25_000;

const LEVELS = {
  error: "error",
  warning: "warning",
  info: "note",
  hint: "note",
  off: "note",
} as const satisfies Record<Rule["level"], string>;
const SEVERITIES = {
  error: "error",
  warning: "warning",
  info: "recommendation",
  hint: "recommendation",
  off: "recommendation",
} as const;

export async function sarifReport(
  result: CheckResult,
  { root, version, analyzer: start }: ReportContext,
): Promise<string> {
  const analyzer = await start();
  const { findings, known, left } = withinLimit(listed(result), listedKnown(result));
  const named = new Set([...findings, ...known].map((it) => it.finding.rule));
  const rules = analyzer.rules.filter((it) => named.has(it.name));
  const indexes = new Map(rules.map((it, index) => [it.name, index]));
  const locate = (path: string): ArtifactLocation => {
    const { uri, isRelative } = uriOf(resolve(result.folder, path), root);
    return isRelative ? { uri, uriBaseId: ROOT } : { uri };
  };

  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "Nippy", semanticVersion: version, rules: rules.map((it) => descriptor(it, analyzer)) },
        },
        automationDetails: { id: "nippy/" },
        originalUriBaseIds: { [ROOT]: { uri: pathToFileURL(`${root}/`).href } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: !isIncomplete(result),
            toolExecutionNotifications: [
              ...result.files.flatMap(({ path, failures, comments, skipped }) => [
                ...failures.map((it) =>
                  notification(it.rule === null ? "error" : "warning", it.message, locate(path), lineOf(it)),
                ),
                ...comments.map((it) => notification("warning", it.message, locate(path), inFile(it.range).start.line)),
                ...(skipped === undefined ? [] : [notification("note", skipped, locate(path))]),
              ]),
              ...(left > 0 ? [cutNotification(left)] : []),
            ],
          },
        ],
        results: [
          ...findings.map(({ path, finding }) => sarifResult(finding, locate(path), indexes.get(finding.rule) ?? -1)),
          // Marked, not left out: an alert that comes and goes would be closed and opened again.
          ...known.map(({ path, finding }) => ({
            ...sarifResult(finding, locate(path), indexes.get(finding.rule) ?? -1),
            suppressions: [{ kind: "external" as const, justification: "in the project's baseline" }],
          })),
        ],
      },
    ],
  };
  return jsonText(log);
}

/** What matters most stays, in the order in which it was listed; what is known gives way first. */
function withinLimit(findings: readonly LocatedFinding[], known: readonly LocatedFinding[]) {
  const kept = mostValuable(findings, MOST_RESULTS);
  const keptKnown = mostValuable(known, MOST_RESULTS - kept.length);
  return { findings: kept, known: keptKnown, left: findings.length + known.length - kept.length - keptKnown.length };
}

function mostValuable(findings: readonly LocatedFinding[], most: number): readonly LocatedFinding[] {
  if (findings.length <= most) return findings;
  const chosen = new Set(byValue(findings).slice(0, most));
  return findings.filter((it) => chosen.has(it));
}

function cutNotification(left: number): Notification {
  const text = `${counted(left, "result")} left out, those of the least value: code hosts take ${MOST_RESULTS}. "nippy check" lists them all.`;
  return { level: "warning", message: { text } };
}

function descriptor(rule: Rule, analyzer: Analyzer): ReportingDescriptor {
  const [area = ""] = rule.name.split("/");
  return {
    id: rule.name,
    shortDescription: { text: shortened(rule.title) },
    fullDescription: { text: shortened(rule.why) },
    help: { text: `${rule.title}\n\n${rule.why}`, markdown: analyzer.page(rule) },
    helpUri: guideUrl(rule.guide),
    defaultConfiguration: { enabled: rule.level !== "off", level: LEVELS[rule.level] },
    properties: {
      precision: "high",
      "problem.severity": SEVERITIES[rule.level],
      tags: [...new Set([area, rule.gain, ...rule.imports])].filter((it) => it !== "").slice(0, 10),
    },
  };
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}

function sarifResult(finding: PlacedFinding, file: ArtifactLocation, ruleIndex: number): Result {
  const location = (range: PlacedRange): Location => ({
    physicalLocation: { artifactLocation: file, region: region(inFile(range)) },
    ...(range.start.cell !== undefined && { logicalLocations: [{ name: `cell ${range.start.cell}`, kind: "object" }] }),
  });
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVELS[finding.level],
    rank: finding.value,
    message: { text: finding.message },
    locations: [location(finding.range)],
    // The second is the name that code hosts look for.
    partialFingerprints: { "nippy/v1": finding.fingerprint, primaryLocationLineHash: finding.fingerprint },
    ...(finding.related.length > 0
      ? {
          relatedLocations: finding.related.map(({ range, message }, index) => ({
            id: index + 1,
            ...location(range),
            message: { text: message },
          })),
        }
      : {}),
    ...(finding.fix ? { fixes: [sarifFix(finding.fix, file)] } : {}),
    properties: {
      evidence: finding.evidence,
      weight: finding.weight,
      ...(finding.declined !== null && { declined: finding.declined }),
    },
  };
}

function sarifFix({ title, doubts, edits }: PlacedFix, file: ArtifactLocation): Fix {
  const replacements = edits.map(({ range, text, textInFile = text }) => ({
    deletedRegion: region(inFile(range)),
    insertedContent: { text: textInFile },
  }));
  const text = doubts.length === 0 ? title : `${title} (check first: ${doubts.join("; ")})`;
  return { description: { text }, artifactChanges: [{ artifactLocation: file, replacements }] };
}

function region({ start, end }: PlacedRange): Region {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function notification(
  level: Notification["level"],
  text: string,
  file: ArtifactLocation,
  startLine?: number,
): Notification {
  const physicalLocation = { artifactLocation: file, ...(startLine !== undefined && { region: { startLine } }) };
  return { level, message: { text }, locations: [{ physicalLocation }] };
}
