/** A page of Streamlit that reads data at every rerun. */

import {
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  builderOf,
  cacheDecorator,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  insertBefore,
  nameGiven,
  operandsOf,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

/** What reads a whole store of vectors from the disk. */
const STORES = [
  "chromadb.PersistentClient",
  "faiss.read_index",
  "langchain.vectorstores.FAISS.load_local",
  "langchain_community.vectorstores.FAISS.load_local",
];
const READERS = [
  ..."read_csv read_excel read_parquet read_json read_sql read_sql_query read_sql_table read_pickle read_feather read_table read_html read_hdf read_gbq read_fwf read_xml read_orc"
    .split(" ")
    .map((it) => `pandas.${it}`),
  ..."read_csv read_parquet read_json read_excel read_database scan_csv".split(" ").map((it) => `polars.${it}`),
  "geopandas.read_file",
  "geopandas.read_parquet",
  "gdown.download",
  "openpyxl.load_workbook",
  "pandas_datareader.data.DataReader",
  "urllib.request.urlopen",
  "gspread.service_account",
  "gspread.service_account_from_dict",
  "gspread.authorize",
  "gspread.Worksheet",
  "numpy.load",
  "numpy.loadtxt",
  "requests.get",
  "httpx.get",
  "joblib.load",
  "pickle.load",
  "json.load",
  "yaml.safe_load",
  "torch.load",
  "sqlite3.connect",
  "psycopg2.connect",
  "snowflake.connector.connect",
  "duckdb.connect",
  "tensorflow.keras.models.load_model",
  "keras.models.load_model",
  "spacy.load",
  "yfinance.download",
  ...STORES,
];
/** They stand for something that is open, or for a model: it is shared, not copied. */
const RESOURCE =
  /(?:^|\.)(?:connect|load_model|load|PersistentClient|read_index|load_local|service_account\w*|authorize|load_workbook)$/;
/** They give plain values and arrays, of which each rerun can have a copy. */
const DATA = /^(?:json|numpy)\.load$/;

/** `worksheet.get_all_records()`: a sheet of Google, which the file reaches by gspread. */
function sheetOf(call: Call, facts: Facts): string | undefined {
  const method = asMethodCall(call.node, "get_all_records", "get_all_values", "get_values");
  return method && facts.view.imports("gspread") ? "gspread.Worksheet" : undefined;
}

/** `yf.Ticker(symbol).history(period="5y")`, also by way of a name. */
function pricesOf(call: Call, facts: Facts): string | undefined {
  const method = asMethodCall(call.node, "history");
  const object = method && unwrap(method.object);
  const made = asCall(object?.kind === "identifier" ? facts.valueOf(object) : object);
  return made && facts.nameOf(made.callee) === "yfinance.Ticker" ? "yfinance.download" : undefined;
}

/** As it stands in the list. */
function nameOfReader(node: Node, facts: Facts): string | undefined {
  const call = asCall(node);
  return call && (facts.nameOf(call.callee) ?? pricesOf(call, facts) ?? sheetOf(call, facts));
}

export default defineRule({
  title: "Data read at every rerun of a Streamlit page",
  why: "Streamlit runs the whole script again at every click and every change of a widget, and reads the data again with it. A function under st.cache_data reads it once and hands out copies; st.cache_resource keeps a connection or a model.",
  guide: "caching",
  level: "warning",
  gain: "safety",
  imports: ["streamlit"],
  overrides: ["iteration/repeated-pure-call", "iteration/loop-invariant-expression", "dynamic/untrusted-pickle"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd
import streamlit as st

def load_prices() -> pd.DataFrame:
    return pd.read_csv("prices.csv")

shop = st.selectbox("Shop", ["Bonn", "Cork"])
st.dataframe(load_prices().query("shop == @shop"))
`,
      after: `
import pandas as pd
import streamlit as st

@st.cache_data
def load_prices() -> pd.DataFrame:
    return pd.read_csv("prices.csv")

shop = st.selectbox("Shop", ["Bonn", "Cork"])
st.dataframe(load_prices().query("shop == @shop"))
`,
    },
  ],

  on: ["call"],
  calls: READERS,
  methods: ["history", "get_all_records", "get_all_values", "get_values"],

  find(node, { facts }, call) {
    if (facts.isTest || facts.isNotebook) return undefined;
    const name = nameOfReader(node, facts);
    if (name === undefined || !READ.has(name)) return undefined;
    if (builderOf(name) && !STORES.includes(name)) return undefined;
    const home = functionAround(node);
    const def = asFunction(home);
    if ((home && !def) || isGuarded(node, facts) || facts.loopAround(node) || ofUpload(node, facts)) return undefined;
    if (asksWhetherAlive(call, facts) || facts.ofFile(onlyReports)) return undefined;
    const evidence = def ? runsWithPage(def, facts) : "strong";
    if (def && firstIn(def, facts) !== node) return undefined;
    // A database of this machine is opened at once, a store with all that is asked of it then; a small file of settings or state may change while the page is open.
    const isSmall = /^(?:sqlite3|duckdb)\.|^json\.load$/.test(name) || !facts.ofFile(runsAgain);
    const weight = isSmall ? "light" : name.startsWith("chromadb.") ? "unknown" : "heavy";
    const keeper = isKept(call, name, def) ? "cache_resource" : "cache_data";
    return evidence && { at: call.callee, construct: node, evidence, weight, def, call, keeper };
  },

  message: ({ call, def, keeper }) => {
    const { callee, args } = call;
    const what = args[0] && args[0].text.length < 40 ? ` of \`${excerpt(args[0].text.replace(/\s+/g, " "), 40)}\`` : "";
    return `Every rerun of the page calls \`${callee.text}\`${what} again${def ? ` in \`${def.name}\`` : ""}; a function under \`st.${keeper}\` keeps the result.`;
  },

  fix({ def, keeper }, { facts }) {
    if (!def) return declined(`put the reading into a function of its own, under st.${keeper}`);
    if (def.isAsync || def.decorators.length > 0) return declined("the function has another decorator");
    const st = facts.view.readsOf("st").length > 0 ? "st" : "streamlit";
    if (facts.nameOf(def.nameNode) === undefined && facts.isTaken("st", def.node) === false && st === "st")
      return declined("streamlit is imported under another name");
    if (SHOWS.test(def.body.text))
      return declined(`the function shows parts of the page; put the reading into one of its own, under st.${keeper}`);
    return fixOf(
      "Keep the result between reruns",
      [
        "changes of the source are seen only after the cache is cleared, or with a ttl",
        def.parameters.length > 0 && "its arguments must be hashable",
        "what the function does besides happens once",
      ],
      [insertBefore(def.node, `@${st}.${keeper}\n${" ".repeat(columnOf(def.node))}`)],
    );
  },
});

/** It is handed out open: what a `with` block or the function itself closes again is not. */
function isKept({ callee, node }: Call, name: string, def: FunctionDef | undefined): boolean {
  if (DATA.test(name)) return false;
  // What comes out of the function are rows of the sheet.
  if (name.startsWith("gspread.") && /\.get_(?:all_)?\w+\(/.test(def?.body.text ?? "")) return false;
  const isClosed =
    node.ancestor("with_item", "block")?.kind === "with_item" || /\.close\(\)/.test(def?.body.text ?? "");
  return RESOURCE.test(callee.text) && !(isClosed && /connect$/.test(callee.text));
}

/** Anything of the page but a word on what went wrong. */
const SHOWS = /\bst\.(?!error|warning|stop|spinner|cache|session_state|secrets|exception|toast)\w/;

/** Whether a server answers now is what is asked for, and a kept answer would not say. */
function asksWhetherAlive({ node, args }: Call, facts: Facts): boolean {
  if (HEALTH.test(args[0]?.text ?? "")) return true;
  const name = nameGiven(node);
  const uses = name ? facts.readsOf(name).map((it) => asAttribute(it.parent)) : [asAttribute(node.parent)];
  return uses.length > 0 && uses.every((it) => it !== undefined && /^(?:status_code|ok|is_success)$/.test(it.name));
}
const HEALTH = /\/(?:health|healthz|healthcheck|ping|alive|ready|readyz|status)\/?["']$/;

/** One finding for each function. */
function firstIn(def: FunctionDef, facts: Facts): Node | undefined {
  return facts.memo("first reading", def.node, () =>
    def.body
      .descendants("call")
      .find((it) => READ.has(nameOfReader(it, facts) ?? "") && functionAround(it) === def.node),
  );
}
const READ = new Set(READERS);

function columnOf(node: Node): number {
  return node.start - (node.tree.text.lastIndexOf("\n", node.start - 1) + 1);
}

/** Runs when a button is pressed, or once for a session. */
function isGuarded(node: Node, facts: Facts): boolean {
  for (let at = node.parent; at && at.kind !== "function_definition"; at = at.parent) {
    if (at.kind !== "if_statement" && at.kind !== "elif_clause") continue;
    const condition = at.field("condition");
    if (!condition || node.isInside(condition)) continue;
    if (GUARD.test(condition.text) || isOfButton(condition, facts)) return true;
  }
  return node.ancestor("except_clause") !== undefined;
}
const GUARD = /\bnot in\b|\bis None\b|session_state|button|submit|upload|clicked|__name__|\bnot \w+/;

/** `if generate:` for what `st.button(…)` gave. */
function isOfButton(condition: Node, facts: Facts): boolean {
  const name = unwrap(condition);
  const value = name.kind === "identifier" ? asCall(facts.valueOf(name)) : undefined;
  return value !== undefined && /button$/.test(value.callee.text);
}

/** Something on the page that is clicked or filled in, or a page that runs itself again: without that it runs once for each visit. */
const runsAgain = fileQuestion((facts) => facts.view.matches(INPUT) || facts.view.matches(COMPONENT));
const INPUT =
  /\.(?:\w*button|checkbox|toggle|radio|selectbox|multiselect|slider|select_slider|(?:text|number|date|time|datetime|chat|camera|audio)_input|text_area|file_uploader|color_picker|\w*data_editor|pills|segmented_control|feedback|menu_button|navigation|switch_page|\w*rerun|fragment)\(|\bon_(?:select|click|change)\b|@st\.fragment|\brun_every\b/;
/** Libraries of more such parts. */
const COMPONENT = /^[ \t]*(?:from|import)[ \t]+(?:streamlit_|st_|extra_streamlit|streamlit\.components)/m;

/** A program that is started and only reports by way of Streamlit: there is no page that would run it again. */
const onlyReports = fileQuestion(
  (facts) => !facts.ofFile(runsAgain) && facts.fileMatches(STARTED) && !facts.fileMatches(PAGE),
);
const STARTED = /__name__\s*==/;
const PAGE = /\b(?:st|streamlit)\.(?!write\b|error\b|warning\b|info\b|success\b|exception\b|stop\b)[a-z]/;

/** The file that the user has just sent. */
function ofUpload(node: Node, facts: Facts): boolean {
  return (
    operandsOf(node, facts).some(
      (it) =>
        /upload|buffer|file_obj|StringIO|BytesIO|prompt|query|question/i.test(it.text) ||
        /\b(?:StringIO|BytesIO)\(/.test(facts.valueOf(it)?.text.slice(0, 40) ?? "") ||
        (it.kind === "identifier" &&
          facts.reachingSites(it).some((site) => /\bfile_uploader\(/.test(site.value?.text.slice(0, 40) ?? ""))),
    ) || /upload|StringIO|BytesIO/i.test(node.text)
  );
}

const UNCACHED_NAME =
  /^(?:__\w+__|(?:save|upload|refresh|update|download|on|handle|submit|run|process|predict|ask|send|sync|fetch_new|reset)_?\w*|upload\w*)$/;

/** A plain function that the script calls by itself, as its `main` does. */
function runsWithPage(def: FunctionDef, facts: Facts, depth = 0): Evidence | undefined {
  if (
    cacheDecorator(def, facts) ||
    def.decorators.length > 0 ||
    UNCACHED_NAME.test(def.name) ||
    facts.classOf(def.node)
  )
    return undefined;
  // Who calls a name is the same for all functions that it is given to: in a module, wherever they stand.
  const binding = facts.bindingOf(def.nameNode);
  if (!binding) return undefined;
  const isCalled =
    binding.scope.kind === "module"
      ? facts.ofFile(CALLED_BY_PAGE, `${depth}:${def.name}`)
      : facts.memo(`is called by the page ${depth}`, binding, () =>
          isCalledByPage(def.name, binding.reads, depth, facts),
        );
  if (isCalled) return "strong";
  // A part of the page that another file calls: what it shows asks for something at each run.
  return depth === 0 && binding.scope.kind === "module" && binding.reads.length === 0 && isPartOfPage(def, facts)
    ? "fair"
    : undefined;
}

/** It has parts that are clicked or filled in, and shows something; nothing in it waits for a button. */
function isPartOfPage(def: FunctionDef, facts: Facts): boolean {
  return facts.memo("is a part of the page", def.node, () => {
    const { text } = def.body;
    return ASKS.test(text) && PAGE.test(text) && !WAITS.test(text);
  });
}
const ASKS =
  /\bst\.(?:checkbox|toggle|radio|selectbox|multiselect|slider|select_slider|(?:text|number|date|time)_input|data_editor|pills|segmented_control)\(/;
const WAITS = /\bst\.(?:button|form|form_submit_button|stop|session_state|cache\w*)\b/;

const CALLED_BY_PAGE = fileQuestion((facts, about) => {
  const name = about.slice(about.indexOf(":") + 1);
  return isCalledByPage(name, facts.view.readsOf(name), Number.parseInt(about, 10), facts);
});

function isCalledByPage(name: string, reads: readonly Node[], depth: number, facts: Facts): boolean {
  return (
    reads.length > 0 &&
    reads.every((it) => useOf(it).kind === "call") &&
    reads.some((read) => {
      facts.view.looksInto(read.tree);
      const call = read.parent!;
      if (isGuarded(call, facts) && !/__name__/.test(call.ancestor("if_statement")?.field("condition")?.text ?? ""))
        return false;
      const home = functionAround(call);
      const outer = asFunction(home);
      if (!home || !outer) return !home;
      return depth < 2 && outer.name !== name && runsWithPage(outer, facts, depth + 1) !== undefined;
    })
  );
}
