/** Functions of pandas that read a table from a file, and how they are told to read only a part of it. */

import type { Facts } from "../semantics/facts.js";
import { asCall, type Call } from "../syntax/expressions.js";

/** Readers that can read some columns alone, with the parameter that names them. */
export const COLUMN_OPTIONS: Readonly<Record<string, string>> = {
  "pandas.read_csv": "usecols",
  "pandas.read_table": "usecols",
  "pandas.read_excel": "usecols",
  "pandas.read_parquet": "columns",
  "pandas.read_feather": "columns",
  "pandas.read_orc": "columns",
};

/** Readers that can stop after some rows, with the parameter that counts them. */
export const ROW_OPTIONS: Readonly<Record<string, string>> = {
  "pandas.read_csv": "nrows",
  "pandas.read_table": "nrows",
  "pandas.read_excel": "nrows",
};

/** With these the arguments already choose, or mean something else. */
const CHOOSING = ["usecols", "columns", "nrows", "chunksize", "iterator", "filters", "skipfooter"];

/** The call is told which part of the table it should read. */
export const choosesPart = (call: Call): boolean => CHOOSING.some((it) => call.keywords.has(it));

/** `pd.read_csv(io.StringIO(text))`: what is read is in memory already, and short mostly. */
export function readsMemory(call: Call, facts: Facts): boolean {
  const source = call.args[0];
  const made = asCall(source && (facts.valueOf(source) ?? source));
  return /(^|\.)(String|Bytes)IO$/.test(made?.callee.text ?? "");
}
