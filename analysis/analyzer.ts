/** The one door for hosts: texts go in, findings, fixes and explanations come out. No host reaches behind this file. */

export { createAnalyzer } from "./engine/analyzer.js";
export { fitsIn } from "./engine/areas.js";
export {
  BASELINE_FILE,
  BASELINE_SIZE,
  countBaseline,
  readBaseline,
  writeBaseline,
  type Baseline,
} from "./engine/baseline.js";
export type {
  Analyzer,
  AnalyzerOptions,
  ConstructNote,
  FixedText,
  FixFilter,
  GuideSection,
  OfferedRefactoring,
  ReadyFix,
  ReadyRefactoring,
  Snapshot,
  WantedFix,
} from "./engine/contract.js";
export type { CodePlace, TypedWord } from "./engine/place.js";
export { tookTooLong, type CommentProblem, type Finding, type Report, type RuleFailure } from "./engine/report.js";
export {
  CONFIGURATION_SIZE,
  readSettings,
  readToml,
  rootOf,
  type ConfigurationName,
  type SettingsProblem,
} from "./engine/read-settings.js";
export { formatOf, type ConfigurationFormat } from "./configuration/formats.js";
export { commentedSettings } from "./engine/commented.js";
export {
  effectiveRows,
  fromOf,
  rowsInText,
  statedLevels,
  type Effective,
  type EffectiveRow,
  type StatedValue,
} from "./engine/effective.js";
export {
  LEAVES_REPOSITORY,
  configurationName,
  readLayers,
  saidInAll,
  type ConfigurationText,
  type Extended,
  type Extends,
  type Layer,
} from "./engine/layers.js";
export { SILENCE_SCOPES, type SilenceScope } from "./engine/suppress.js";
export { areaOf, namedRules, unknownName, type NamedRule } from "./engine/rule-names.js";
export { offersAt, toldAt } from "./engine/setting-help.js";
export {
  LEVEL_NOTES,
  SCHEMA_URL,
  SETTINGS,
  SHOWN_LEVELS,
  type Setting,
  type SettingKey,
} from "./engine/setting-table.js";
export {
  DEFAULT_SETTINGS,
  decisions,
  excluder,
  extended,
  matcher,
  mergeSettings,
  saidByFile,
  type FileLevels,
  type LevelSetting,
  type Said,
  type Settings,
} from "./engine/settings.js";
export { onlyFollows } from "./engine/newest-python.js";
export {
  libraryInWords,
  mergeTargets,
  NO_TARGET,
  readTarget,
  TARGET_FILES,
  targetSettings,
  type Stated,
  type Target,
  type TargetLibrary,
} from "./engine/target.js";
export {
  searchInstalled,
  searchTarget,
  type Ask,
  type FolderTarget,
  type Search,
  type Told,
} from "./engine/target-search.js";
export {
  IGNORE_FILE_SIZE,
  isChecked,
  isIgnored,
  isModule,
  isNotebook,
  SKIPPED_FOLDERS,
  withGitignore,
  type IgnoredPaths,
} from "./engine/walked.js";
export { changedCells, joinCells, type JoinedText } from "./notebook/joined.js";
export {
  editInFile,
  placeInFile,
  readNotebook,
  type NotebookCell,
  type ReadNotebook,
} from "./notebook/notebook.js";
export { gainFigure, measuredGain, type Measured } from "./rule/gain.js";
export { LEVELS, type Declined, type Evidence, type Level, type Rule, type Safety, type Weight } from "./rule/rule.js";
export { isAtLeast, levelOf, levelTable } from "./rule/levels.js";
export type { Construct } from "./rule/construct.js";
export type { NewFile, Refactoring } from "./rule/refactoring.js";
export type { GuideAnchor } from "./rule/anchors.generated.js";
export { createParser, type Parser } from "./syntax/parser.js";
export { readNextLibrary } from "./knowledge/index.js";
export { makeTextReader, unreadText, type ReadText } from "./syntax/text-reader.js";
export { lastAtMost } from "./text/ascending.js";
export { lineStretches, type LineStretch } from "./text/line-ends.js";
export { lineIndex, type LineIndex, type Position } from "./text/line-index.js";
export { difference } from "./text/difference.js";
export { inMarkdown } from "./text/sentence.js";
export { nearest } from "./text/nearest.js";
export { isTable } from "./text/table.js";
export { applyEdits, type Range, type TextEdit } from "./text/range.js";
export { visible } from "./text/visible.js";
