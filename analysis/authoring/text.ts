/** Text: string literals, identifiers, and names to derive from names. */

export { asString, textValue, withoutF, type Interpolation, type StringLiteral } from "../syntax/strings.js";
export { excerpt } from "../text/excerpt.js";
export { emptyLinesAtEnd, linesAtEnd } from "../text/lines-at-end.js";
export { nearest } from "../text/nearest.js";
export { firstIdentifier, identifierPattern, lastIdentifier, lastIdentifierIn } from "../text/identifiers.js";
export { itemName, lastName, singular } from "../rewrite/item-name.js";
export { withFunctionName, withoutName } from "../rewrite/own-name.js";
