/** What an arithmetic operator gives for two known types. */

import { FLOAT, INT, isNumber, join, STR, type, type Maybe, type Type } from "./types.js";

const ARRAYS = ["pandas.DataFrame", "pandas.Series", "torch.Tensor", "tensorflow.Tensor", "numpy.ndarray"];

export function arithmetic(left: Maybe, operator: string, right: Maybe): Maybe {
  const array = ARRAYS.find((it) => left?.name === it || right?.name === it);
  if (array !== undefined) return arrayArithmetic(array, left, operator, right);
  if (!left) return undefined;
  if (left.name === "str")
    return operator === "%" ||
      ((operator === "+" || operator === "*") && right !== undefined && (right.name === "str" || right.name === "int"))
      ? STR
      : undefined;
  if (!right) return undefined;
  if (isNumber(left) && isNumber(right)) return numeric(left, operator, right);
  if (operator === "+" && left.name === right.name && SEQUENCES.has(left.name))
    return left.name === "tuple" ? type("tuple", ...left.of, ...right.of) : join(left, right);
  if (operator === "*" && right.name === "int" && SEQUENCES.has(left.name))
    return left.name === "tuple" ? type("tuple") : left;
  if (operator === "*" && left.name === "int" && SEQUENCES.has(right.name)) return right;
  if (left.name === right.name && SETS.has(left.name) && "|&-^".includes(operator)) return left;
  if (left.name === "pathlib.Path" && operator === "/") return left;
  return undefined;
}

const SEQUENCES = new Set(["list", "tuple", "bytes"]);
const SETS = new Set(["set", "frozenset", "dict", "collections.Counter"]);

function arrayArithmetic(array: string, left: Maybe, operator: string, right: Maybe): Maybe {
  if (operator === "@")
    return left?.name === "torch.Tensor" && right?.name === "torch.Tensor" ? type("torch.Tensor") : undefined;
  const other = left?.name === array ? right : left;
  if (array === "numpy.ndarray" && other === undefined) return undefined;
  return type(array);
}

function numeric(left: Type, operator: string, right: Type): Maybe {
  if (operator === "/") return left.name === "complex" || right.name === "complex" ? type("complex") : FLOAT;
  if (operator === "**" && left.name === "int" && right.name === "int") return undefined;
  const wide = join(left, right);
  return wide?.name === "bool" ? INT : wide;
}
