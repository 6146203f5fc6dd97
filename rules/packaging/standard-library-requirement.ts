/** `sqlite3` or `asyncio` among the requirements: modules that come with Python and are not to be installed. */

import {
  asRequirement,
  declined,
  defineRule,
  fixOf,
  STDLIB_MODULES,
  removedRequirement,
  replace,
  type Match,
  type Requirement,
} from "../../analysis/authoring.js";

interface Needless extends Match {
  readonly requirement: Requirement;
}

/** Zope's package of this name is written with capitals. */
const ZOPE = "DateTime";

export default defineRule({
  title: "Requirement that comes with Python",
  why: "A module of the standard library is not installed. Under its name pip finds nothing and ends with an error, or a copy made for a Python long gone, or somebody else's package.",
  guide: "environments",
  level: "warning",
  gain: "safety",
  document: "configuration",
  fixes: "review",

  examples: [
    {
      file: "requirements.txt",
      before: `
asyncio
numpy>=2
pandas>=2.2
`,
      after: `
numpy>=2
pandas>=2.2
`,
    },
  ],

  on: ["requirement"],

  find(node, { facts }): Needless | undefined {
    const requirement = asRequirement(node);
    if (!requirement || !STDLIB_MODULES.has(requirement.name.replaceAll("-", "_"))) return undefined;
    // A copy for a Python that has no such module is what the marker is for.
    if (/python_(?:full_)?version/.test(requirement.marker)) return undefined;
    if (requirement.node.text.startsWith(ZOPE) || LEFT.has(requirement.name) || facts.isArchived) return undefined;
    // With a release somebody saw pip find one.
    const weight = /^=/.test(requirement.specifier) ? "light" : "heavy";
    return { at: requirement.nameAt, evidence: "proof", weight, requirement };
  },

  message: ({ requirement: { name } }) =>
    `\`${name}\` comes with Python; under this name pip finds nothing, an old copy or somebody else's package.`,

  fix({ requirement }) {
    const span = removedRequirement(requirement);
    if (!span) return declined("its line holds more than the requirement");
    return fixOf(
      "Remove the requirement",
      [`what pip installs as \`${requirement.name}\` is then missing, if that was meant`],
      [replace(span, "")],
    );
  },
});

/** No longer part of the newest Python, or kept up to date for older ones: who installs a copy may need it. */
const LEFT = new Set(
  "configparser aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib".split(
    " ",
  ),
);
