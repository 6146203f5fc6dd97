/** What a report of a bug needs to say about the machine and the settings: no code, and no path of the user. */

export interface Machine {
  readonly nippy: string;
  readonly editor: string;
  readonly system: string;
  /** `ssh-remote` and the like; undefined where the files are on this machine. */
  readonly remote: string | undefined;
  readonly isTrusted: boolean;
  readonly server: string;
}

/** What failed since the window was opened, the last one last. */
export interface Failure {
  readonly time: Date;
  readonly message: string;
}

/** @param folders whose names nobody else has to know: those of the workspace, and the user's own */
export function debugText(
  { nippy, editor, system, remote, isTrusted, server }: Machine,
  settings: Readonly<Record<string, unknown>>,
  failures: readonly Failure[],
  folders: readonly string[],
): string {
  const told = failures.map(({ time, message }) => `- ${time.toISOString()} ${withoutPaths(message, folders)}`);
  return [
    `- Nippy ${nippy}, server ${server}`,
    `- ${editor}${remote === undefined ? "" : `, remote: ${remote}`}${isTrusted ? "" : ", Restricted Mode"}`,
    `- ${system}`,
    "",
    "Settings that are not the defaults:",
    "",
    "```json",
    JSON.stringify(countedGlobs(settings), undefined, 2),
    "```",
    "",
    "Last failures:",
    "",
    ...(told.length > 0 ? told : ["none"]),
    "",
  ].join("\n");
}

/** Globs name folders, so only their number is told. */
function countedGlobs({ exclude, ...others }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Array.isArray(exclude) ? { ...others, exclude: `${exclude.length} globs` } : others;
}

const FOLDERS_OF_A_PATH = /(?:(?<![\w+.-])[\w+.-]+:\/\/|\b[A-Za-z]:[\\/]|(?<![\w.])[\\/])(?:[^\\/\s"'`()]+[\\/])*/g;

/** File names stay: they say which part of Nippy failed. */
function withoutPaths(message: string, folders: readonly string[]): string {
  const known = folders.filter((it) => it.length > 1).sort((a, b) => b.length - a.length);
  return known.reduce((text, it) => text.replaceAll(it, ""), message).replace(FOLDERS_OF_A_PATH, "");
}
