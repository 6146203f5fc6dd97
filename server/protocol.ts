/** What Nippy's server and its own client agree on beyond the Language Server Protocol. Imports nothing, so that any client may import it. */

/** The editor's settings under `nippy`. Any of them may be missing or wrong: the server checks each one. */
export interface EditorSettings {
  readonly enable?: boolean;
  /** Levels by rule name or glob; a later entry overrides an earlier one. */
  readonly levels?: Readonly<Record<string, string>>;
  /** The oldest Python the code has to run on; empty means: read it from the project. */
  readonly python?: string;
  /** Globs relative to the workspace folder. */
  readonly exclude?: readonly string[];
  readonly leaveToRuff?: boolean;
  /** A comment that silences a rule has to say why. */
  readonly requireReason?: boolean;
  /** How many ways a function may have before it is told that it is complex. */
  readonly maxComplexity?: number;
  readonly run?: "onType" | "onSave";
  /** Whether files that are not open are analysed too. */
  readonly scope?: "openFilesOnly" | "workspace";
  /** Whose word counts where the editor's settings and the project's configuration say different things. */
  readonly configurationPreference?: "editorFirst" | "projectFirst" | "editorOnly";
  /** Findings that a line gets while it is typed wait until the cursor leaves it; read by the client alone. */
  readonly holdTypedLine?: boolean;
  /** Rules by name or glob, of which only safe fixes are taken; `safe` stands for all. */
  readonly fixOnSave?: "off" | "safe" | readonly string[];
  /** In kilobytes. */
  readonly maxFileSize?: number;
  readonly hover?: { readonly constructs?: "findings" | "constructs" | "off" };
  /** Whether completion offers Nippy's snippets. */
  readonly snippets?: { readonly complete?: boolean };
  /** Which refactorings are shown for confirmation before they are applied. */
  readonly refactorings?: { readonly preview?: "always" | "inDoubt" | "never" };
}

export interface InitializationOptions {
  /** The same shape as the editor's settings, for editors that cannot answer `workspace/configuration`. */
  readonly settings?: EditorSettings;
  /** Commands of the client that the server may put into code actions and links of hovers; it knows `nippy.openGuide` and `nippy.showFixes`. */
  readonly commands?: readonly string[];
  /** The client wants `nippy/status`. */
  readonly status?: boolean;
  /** The client answers `nippy/readFile`. */
  readonly readFile?: boolean;
  /** The client answers `nippy/listFolder`. */
  readonly listFolder?: boolean;
  /** Only read by the browser's server. */
  readonly wasm?: WasmFiles;
}

/** The bytes of the two WebAssembly files. */
export interface WasmFiles {
  /** web-tree-sitter.wasm */
  readonly runtime: Uint8Array;
  /** tree-sitter-python.wasm */
  readonly grammar: Uint8Array;
}

/** Server → client, a notification: what became of one document. */
export const STATUS = "nippy/status";

export interface Status {
  readonly uri: string;
  /** `off`: switched off, excluded, or not the user's own code. */
  readonly state: "ready" | "analysing" | "off" | "tooLarge" | "error";
  /** How long the analysis took; 0 where there was none. */
  readonly milliseconds: number;
  readonly findings: number;
  /** The address of the configuration that holds for the document; left out where there is none, and where it was not analysed. */
  readonly configuration?: string;
  /** What the document is checked for; left out where it was not analysed. */
  readonly target?: TargetNote;
}

/** The Python and the libraries a document is checked for, and the places that say so, for people. */
export interface TargetNote {
  readonly python: string;
  /** Left out where it is assumed. */
  readonly pythonFrom?: string;
  /** Those that rules are about and of which something is known, by the names they are imported by. */
  readonly libraries: readonly {
    readonly name: string;
    /** What the code runs with: locked, pinned or installed. */
    readonly version?: string;
    readonly versionFrom?: string;
    /** The lowest version that the project's dependencies allow. */
    readonly oldest?: string;
    readonly oldestFrom?: string;
    /** The first version above those that they allow. */
    readonly below?: string;
    readonly belowFrom?: string;
  }[];
}

/** Server → client, a request: the text of a file the server cannot reach itself. */
export const READ_FILE = "nippy/readFile";

export interface ReadFileParams {
  readonly uri: string;
  /** In bytes: a larger file is taken as missing, and so is what is no regular file. */
  readonly most?: number;
}

export interface ReadFileResult {
  /** null where there is no such file. */
  readonly text: string | null;
}

/** Server → client, a request: the names in a folder the server cannot reach itself. */
export const LIST_FOLDER = "nippy/listFolder";

export interface ListFolderParams {
  readonly uri: string;
}

export interface ListFolderResult {
  /** null where there is no such folder. */
  readonly names: readonly string[] | null;
  /** Those of the names that are files and folders, links left out: without them nothing below the folder is looked for. */
  readonly files?: readonly string[];
  readonly folders?: readonly string[];
}

/**
 * Client → server, a request without parameters: every rule in the order of the names, for clients that list rules.
 * The server answers it from the list of rules it was built with, whatever is open.
 */
export const RULES = "nippy/rules";

export interface RuleSummary {
  readonly name: string;
  readonly title: string;
  readonly why: string;
  /** The rule's own level; settings may say otherwise. */
  readonly level: "error" | "warning" | "info" | "hint" | "off";
  readonly fixes: "safe" | "review" | null;
}

/**
 * Client → server, a request without parameters: what can be found beside the sections of the guide, as pages of
 * search/page.ts: rules, constructs and snippets.
 */
export const PAGES = "nippy/pages";

/** Client → server, a request: what holds for a file, and which line of which file says so, as a text for people. */
export const EFFECTIVE_CONFIGURATION = "nippy/effectiveConfiguration";

export interface EffectiveConfigurationParams {
  readonly uri: string;
}

/** Client → server, a request, for language models: the findings that matter most in files and folders. Nothing is written. */
export const CHECK = "nippy/check";

export interface CheckParams {
  /** Of files and folders; all of the workspace where none is named. */
  readonly uris?: readonly string[];
  /** The least severe level that counts; `info` where it is left out. */
  readonly minLevel?: "error" | "warning" | "info" | "hint";
  /** How many findings are told. */
  readonly limit?: number;
}

export interface Checked {
  /** How many files were looked at. */
  readonly files: number;
  /** How many findings there are, those that are not told included. */
  readonly total: number;
  readonly findings: readonly CheckedFinding[];
  readonly isComplete: boolean;
}

export interface CheckedFinding {
  readonly uri: string;
  /** From 1 on. */
  readonly line: number;
  readonly column: number;
  readonly level: string;
  readonly rule: string;
  readonly message: string;
  /** From 0 to 100: what to look at first. */
  readonly value: number;
  readonly fix: "safe" | "review" | null;
}

/** Client → server, a request, for language models: what the safe fixes of files and folders would change. Nothing is written. */
export const SAFE_FIXES = "nippy/safeFixes";

export interface SafeFixesParams {
  readonly uris?: readonly string[];
  /** Full names of rules; all where left out. */
  readonly rules?: readonly string[];
}

export interface SafeFixes {
  readonly files: readonly { readonly uri: string; readonly diff: string }[];
  readonly fixes: number;
}

/** Client → server, a request: the page of a rule as Markdown, by any of its names; a list for an area, a sentence where there is none. */
export const EXPLAIN = "nippy/explain";

export interface ExplainParams {
  readonly name: string;
}

/** Client → server, a request: the page of a rule as a document in Markdown, for the guide's view; null where no rule has the name. */
export const RULE_PAGE = "nippy/rulePage";

export interface RulePageParams {
  readonly name: string;
}

/** Client → server, a request: every snippet, with the body that fits the Python of a document. */
export const SNIPPETS = "nippy/snippets";

export interface SnippetsParams {
  /** Left out, the oldest Python counts. */
  readonly uri?: string;
}

export interface SnippetSummary {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly family: string;
  readonly language: string;
  readonly isFileTemplate: boolean;
  /** An anchor of the guide. */
  readonly guide: string;
  /** In the editor's snippet syntax. */
  readonly body: string;
}

/**
 * Client → server, a request without parameters: the names of the guide's files (`5-caching.md`), in reading order.
 * Only a client in a browser asks: there an extension's folder can be read but not listed.
 * The web address of a section (`codeDescription.href`, links in hovers) ends in `/guide/<such a name>`, optionally with
 * `#heading`: that is how the client knows a link that its own guide view can open.
 */
export const GUIDE_FILES = "nippy/guideFiles";

/**
 * A command of the server: analyses every Python file of the workspace, and keeps what was found up to date from then on.
 * Its answer is an `Analysed`. It reports its progress, and ends early when it is cancelled.
 */
export const ANALYSE_WORKSPACE = "nippy.server.analyseWorkspace";

export interface Analysed {
  /** How many files were looked at, those that are open left out. */
  readonly files: number;
  readonly findings: number;
  readonly isComplete: boolean;
}

/** A command of the server; its argument is a `FixRequest`, its answer a `Fixed`. The editor is sent one edit, to look at first where it can show one. */
export const FIX_WORKSPACE = "nippy.server.fixWorkspace";

export interface FixRequest {
  /** Only these rules; all where left out. */
  readonly rules?: readonly string[];
  /** Only these files, and of each only the findings named, where any are; every file of the workspace where left out. */
  readonly files?: readonly { readonly uri: string; readonly fingerprints?: readonly string[] }[];
}

export interface Fixed {
  readonly fixes: number;
  readonly files: number;
  /** False where the editor or its user did not want them. */
  readonly isApplied: boolean;
}

/** Client → server, a request with the `uri` of an open document: how many fixes "fix all" would make in the file or notebook, and how many are left to review. */
export const FIXES_HERE = "nippy/fixesHere";

export interface FixesHere {
  readonly safe: number;
  readonly review: number;
}

/** A command of the server; its argument is a `SilenceRequest`. Answers whether the editor took the edit. */
export const SILENCE = "nippy.server.silence";

export interface SilenceRequest {
  readonly uri: string;
  readonly rule: string;
  readonly fingerprint: string;
  /** A comment on the line or for the file, or a level in the project's configuration. */
  readonly where: "line" | "file" | "project";
}

/** A command of the server: what was found in files that are not open is let go, unless a setting asks for it. */
export const CLEAR_WORKSPACE = "nippy.server.clearWorkspace";

/** A command of the client; its one argument is the anchor of a guide section. */
export const OPEN_GUIDE = "nippy.openGuide";

/** A command of the client; its one argument is a `Spot`, where it opens the menu of quick fixes. */
export const SHOW_FIXES = "nippy.showFixes";

export interface Spot {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** Applies every safe fix of a file. In a notebook the kind is `notebook.` plus this. */
export const FIX_ALL = "source.fixAll.nippy";

/** What a diagnostic carries, so that a later request can name its finding. */
export interface FindingData {
  readonly rule: string;
  readonly fingerprint: string;
  /** How sure it is that the finding is true. */
  readonly evidence: "proof" | "strong" | "fair";
  /** How much it matters here. */
  readonly weight: "heavy" | "unknown" | "light";
  /** From 0 to 100: what to look at first. */
  readonly value: number;
  /** In the file of a notebook that is not open: the cell, from 1, counted over cells of every kind. */
  readonly cell?: number;
}

/** What describes a project or tells Nippy something, as a glob: to be opened and watched beside Python. */
export const CONFIGURATIONS =
  "**/{nippy.toml,pyproject.toml,setup.cfg,pytest.ini,.pytest.ini,tox.ini,mypy.ini,.mypy.ini,*requirements*.txt,*requirements*.in}";
