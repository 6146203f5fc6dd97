/** Regular expressions: calls of `re`, patterns as trees, and what in them takes long. */

export { ambiguityOf, type Ambiguity } from "../rewrite/regex-ambiguity.js";
export {
  patternText,
  REGEX_CALLS,
  REGEX_METHODS,
  regexCall,
  regexMethod,
  spanInPattern,
  type RegexCall,
} from "../rewrite/regex-call.js";
export { parsePattern, type Part, type Pattern } from "../rewrite/regex-pattern.js";
