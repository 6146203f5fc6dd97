/** The arguments of `setuptools.setup` as the text of a `pyproject.toml`. */

/** A value that can be written into a TOML file. */
export type Value = string | boolean | readonly Value[] | { readonly [key: string]: Value };

/** What `setup()` is given, by keyword. */
export interface Arguments {
  readonly [keyword: string]: Value;
}

/** Marks the values that are no literals: a call of `find_packages`, the text of a README. */
export const FIND = "find_packages()";
/** Marks the value that is the text of a README file. */
export const README = "read()";

const LICENSES: readonly string[] = [
  "MIT",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MPL-2.0",
  "Unlicense",
  "0BSD",
  "Zlib",
  "BSL-1.0",
  "CC0-1.0",
  "EPL-2.0",
  "PSF-2.0",
  "EUPL-1.2",
  "GPL-2.0-only",
  "GPL-2.0-or-later",
  "GPL-3.0-only",
  "GPL-3.0-or-later",
  "LGPL-2.1-only",
  "LGPL-2.1-or-later",
  "LGPL-3.0-only",
  "LGPL-3.0-or-later",
  "AGPL-3.0-only",
  "AGPL-3.0-or-later",
];
const LICENSE_NAMES: Readonly<Record<string, string>> = {
  "mit license": "MIT",
  "the mit license": "MIT",
  "apache 2.0": "Apache-2.0",
  "apache 2": "Apache-2.0",
  "apache license 2.0": "Apache-2.0",
  "apache license, version 2.0": "Apache-2.0",
  "apache software license 2.0": "Apache-2.0",
  "bsd 3-clause": "BSD-3-Clause",
  "bsd 2-clause": "BSD-2-Clause",
  "3-clause bsd": "BSD-3-Clause",
  "2-clause bsd": "BSD-2-Clause",
  "bsd 3-clause license": "BSD-3-Clause",
  "isc license": "ISC",
  "mpl 2.0": "MPL-2.0",
};

const TAKEN: ReadonlySet<string> = new Set([
  "name",
  "version",
  "description",
  "long_description",
  "long_description_content_type",
  "author",
  "author_email",
  "maintainer",
  "maintainer_email",
  "url",
  "download_url",
  "project_urls",
  "license",
  "license_files",
  "python_requires",
  "install_requires",
  "extras_require",
  "packages",
  "package_dir",
  "py_modules",
  "package_data",
  "exclude_package_data",
  "include_package_data",
  "zip_safe",
  "entry_points",
  "classifiers",
  "keywords",
  "platforms",
]);

/** Undefined where an argument has no place in the file. */
export function projectTable(given: Arguments): string | undefined {
  if (
    Object.keys(given).some((it) => !TAKEN.has(it)) ||
    typeof given["name"] !== "string" ||
    typeof given["version"] !== "string"
  )
    return undefined;
  try {
    return written(given);
  } catch (error) {
    if (error instanceof NoPlace) return undefined;
    throw error;
  }
}

class NoPlace extends Error {}

function refuse(): never {
  throw new NoPlace();
}

function written(given: Arguments): string {
  const license = given["license"] === undefined ? undefined : licenseOf(text(given["license"]));
  const classifiers = list(given["classifiers"]).filter((it) => license === undefined || !it.startsWith("License ::"));
  const description = given["description"] === undefined ? undefined : text(given["description"]);
  if (description?.includes("\n")) refuse();
  const points = entries(given["entry_points"]).map(([group, values]) => [group, list(values).map(point)] as const);
  const named = (group: string) => points.filter(([it]) => it === group).flatMap(([, values]) => values);
  const urls = [
    ["Homepage", given["url"]],
    ["Download", given["download_url"]],
    ...entries(given["project_urls"]),
  ].flatMap(([label, url]) => (url === undefined ? [] : [[text(label!), text(url)] as const]));
  if (new Set(urls.map(([label]) => label.toLowerCase())).size < urls.length) refuse();
  const extras = entries(given["extras_require"]);
  if (extras.some(([it]) => !/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(it))) refuse();

  const tables = [
    table("build-system", [
      ["requires", ["setuptools>=77"]],
      ["build-backend", "setuptools.build_meta"],
    ]),
    table("project", [
      ["name", given["name"]],
      ["version", given["version"]],
      ["description", description],
      ["readme", readme(given)],
      ["requires-python", given["python_requires"] && text(given["python_requires"])],
      ["license", license],
      ["license-files", given["license_files"] && list(given["license_files"])],
      ["authors", people(given["author"], given["author_email"])],
      ["maintainers", people(given["maintainer"], given["maintainer_email"])],
      ["keywords", keywords(given["keywords"])],
      ["classifiers", classifiers],
      ["dependencies", list(given["install_requires"])],
    ]),
    table(
      "project.optional-dependencies",
      extras.map(([it, values]) => [it, list(values)]),
    ),
    table("project.scripts", named("console_scripts")),
    table("project.gui-scripts", named("gui_scripts")),
    ...points
      .filter(([it]) => it !== "console_scripts" && it !== "gui_scripts")
      .map(([group, values]) => table(`project.entry-points.${key(group)}`, values)),
    table("project.urls", urls),
    ...setuptoolsTables(given),
  ];
  return tables.filter((it) => it).join("\n");
}

function setuptoolsTables(given: Arguments): readonly (string | undefined)[] {
  const find = findOf(given["packages"]);
  const where = find && list(find["where"]);
  const folders = entries(given["package_dir"]);
  // Where packages are looked for is where they are.
  const isTold = folders.length === 1 && folders[0]![0] === "" && where?.length === 1 && folders[0]![1] === where[0];
  return [
    table("tool.setuptools", [
      ["packages", find ? undefined : list(given["packages"])],
      ["py-modules", list(given["py_modules"])],
      ["package-dir", isTold || folders.length === 0 ? undefined : Object.fromEntries(folders)],
      // With a `[project]` table the default is true.
      ["include-package-data", given["include_package_data"] === true ? undefined : false],
      ["zip-safe", given["zip_safe"]],
      ["platforms", list(given["platforms"])],
    ]),
    // Without a row it still says that all folders are packages.
    find && (table("tool.setuptools.packages.find", Object.entries(find)) || "[tool.setuptools.packages.find]\n"),
    ...(["package_data", "exclude_package_data"] as const).map((it) =>
      table(
        `tool.setuptools.${it.replaceAll("_", "-")}`,
        entries(given[it]).map(([name, globs]) => [name === "" ? "*" : name, list(globs)]),
      ),
    ),
  ];
}

/** What `find_packages` was given; it leaves out folders without `__init__.py`, which the table takes unless told. */
function findOf(packages: Value | undefined): { readonly [key: string]: Value } | undefined {
  if (packages === undefined || typeof packages !== "object" || Array.isArray(packages)) return undefined;
  const { [FIND]: kind, where, ...rest } = packages as { readonly [key: string]: Value };
  const at = where === undefined ? [] : [text(where)].filter((it) => it !== ".");
  return {
    ...(at.length > 0 ? { where: at } : {}),
    ...Object.fromEntries(Object.entries(rest).map(([it, globs]) => [it, list(globs)])),
    ...(kind === "find_packages" ? { namespaces: false } : {}),
  };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = { md: "text/markdown", rst: "text/x-rst", txt: "text/plain" };

function readme(given: Arguments): Value | undefined {
  const value = given["long_description"];
  const type =
    given["long_description_content_type"] === undefined ? undefined : text(given["long_description_content_type"]);
  if (value === undefined) return type === undefined ? undefined : refuse();
  if (typeof value === "string") return { text: value, "content-type": type ?? "text/x-rst" };
  const file = text((value as { readonly [key: string]: Value })[README] ?? refuse());
  const usual = CONTENT_TYPES[/\.(\w+)$/.exec(file.toLowerCase())?.[1] ?? ""];
  if (usual !== undefined && (type === undefined || type === usual)) return file;
  return { file, "content-type": type ?? "text/x-rst" };
}

function licenseOf(value: string): string {
  return (
    LICENSES.find((it) => it.toLowerCase() === value.trim().toLowerCase()) ??
    LICENSE_NAMES[value.trim().toLowerCase()] ??
    refuse()
  );
}

/** A name with a comma cannot be part of an address. */
function people(name: Value | undefined, email: Value | undefined): Value {
  const names =
    name === undefined
      ? []
      : text(name)
          .split(",")
          .map((it) => it.trim())
          .filter((it) => it !== "");
  const emails =
    email === undefined
      ? []
      : text(email)
          .split(",")
          .map((it) => it.trim())
          .filter((it) => it !== "");
  if (names.length === 1 && emails.length === 1) return [{ name: names[0]!, email: emails[0]! }];
  return [...names.map((it) => ({ name: it })), ...emails.map((it) => ({ email: it }))];
}

function keywords(value: Value | undefined): readonly string[] {
  return typeof value === "string"
    ? value
        .split(",")
        .map((it) => it.trim())
        .filter((it) => it !== "")
    : list(value);
}

function point(value: string): readonly [string, string] {
  const equals = value.indexOf("=");
  const [name, target] = [value.slice(0, equals).trim(), value.slice(equals + 1).trim()];
  return equals < 0 || name === "" || target === "" || target.includes("\n") ? refuse() : [name, target];
}

function text(value: Value): string {
  return typeof value === "string" ? value : refuse();
}

function list(value: Value | undefined): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map((it: Value) => text(it)) : refuse();
}

function entries(value: Value | undefined): readonly (readonly [string, Value])[] {
  if (value === undefined) return [];
  return typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : refuse();
}

const WIDTH = 88;

function table(name: string, rows: readonly (readonly [string, Value | undefined])[]): string {
  const filled = rows.filter(
    (row): row is readonly [string, Value] => row[1] !== undefined && !(Array.isArray(row[1]) && row[1].length === 0),
  );
  return filled.length === 0 ? "" : `[${name}]\n${filled.map(([it, value]) => line(key(it), value)).join("")}`;
}

function line(name: string, value: Value): string {
  const short = `${name} = ${shown(value)}`;
  if (short.length <= WIDTH || !Array.isArray(value)) return `${short}\n`;
  return `${name} = [\n${value.map((it: Value) => `    ${shown(it)},\n`).join("")}]\n`;
}

function shown(value: Value): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([it, inner]) => `${key(it)} = ${shown(inner as Value)}`)
    .join(", ")} }`;
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name);
}

/** A basic string of TOML wants one escape more than JSON has; a literal one reads better around quotes. */
function quoted(value: string): string {
  if (value.includes('"') && /^[ !-&(-[\]-~]*$/.test(value)) return `'${value}'`;
  return JSON.stringify(value).replaceAll("\x7f", "\\u007F");
}
