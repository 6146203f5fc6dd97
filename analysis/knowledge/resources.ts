/** Things that have to be closed, kept by hand: the calls that open them, and the calls that borrow an open one and are done with it when they return. */

import { members, spread } from "./table.js";

/**
 * How a call's result is closed. `file/1`: a file whose mode is argument 1; without a number it can only be read. `other`: its `with` closes it too.
 * `closing`: its `with` ends a transaction or does nothing, only `close()` closes it. `executor`: leaving its `with` waits for all jobs; `pool`: it ends the workers.
 * `image`: lets go of its file by itself, but not before its pixels are read. `document`: pages, tables or arrays are taken out of it, which still read from it.
 * `browser`, which like an engine for chess is a process of its own, and `session`, which is a connection to a server: ended by `quit()`. `log`: a thread of its own writes what it is given, at the latest when it is closed.
 */
const OPENS = new Map(
  spread({
    builtins: { "file/1": "open" },
    io: { "file/1": "FileIO" },
    os: { "file/1": "fdopen" },
    gzip: { "file/1": "open GzipFile" },
    bz2: { "file/1": "open BZ2File" },
    lzma: { "file/1": "open LZMAFile" },
    codecs: { "file/1": "open" },
    "pathlib.Path": { "file/0": "open" },
    zipfile: { "file/1": "ZipFile" },
    tarfile: { "file/1": "open TarFile" },
    "zipfile.ZipFile": { "file/1": "open" },
    "urllib.request": { file: "urlopen" },
    tempfile: { other: "TemporaryFile SpooledTemporaryFile NamedTemporaryFile" },
    wave: { "file/1": "open" },
    "PIL.Image": { image: "open" },
    pandas: { other: "ExcelWriter", document: "ExcelFile", "document/1": "HDFStore" },
    h5py: { "document/1": "File" },
    netCDF4: { "document/1": "Dataset" },
    rasterio: { "document/1": "open" },
    fitz: { document: "open Document" },
    pymupdf: { document: "open Document" },
    pdfplumber: { document: "open" },
    "selenium.webdriver": { browser: "Chrome Firefox Edge Safari Remote ChromiumEdge" },
    "chess.engine.SimpleEngine": { browser: "popen_uci popen_xboard" },
    "torch.utils.tensorboard": { log: "SummaryWriter" },
    tensorboardX: { log: "SummaryWriter" },
    smtplib: { session: "SMTP SMTP_SSL" },
    ftplib: { session: "FTP FTP_TLS" },
    pika: { other: "BlockingConnection" },
    mmap: { other: "mmap" },
    shelve: { other: "open" },
    dbm: { other: "open" },
    socket: { other: "socket create_connection create_server" },
    "sqlalchemy.Engine": { other: "connect" },
    "": {
      closing:
        "sqlite3.connect psycopg2.connect psycopg.connect pymysql.connect MySQLdb.connect mysql.connector.connect duckdb.connect pyodbc.connect cx_Oracle.connect oracledb.connect snowflake.connector.connect",
    },
    "concurrent.futures": { executor: "ThreadPoolExecutor ProcessPoolExecutor InterpreterPoolExecutor" },
    multiprocessing: { pool: "Pool" },
    "multiprocessing.pool": { pool: "ThreadPool" },
    "multiprocessing.context.BaseContext": { pool: "Pool" },
  }),
);

/** Take an open file, socket or connection, keep nothing of it and give plain data. Methods go by the type of their receiver. */
const BORROWERS = new Set(
  members({
    builtins: "all any dict frozenset id isinstance len list max min next print repr set sorted str sum tuple type",
    collections: "Counter deque OrderedDict",
    configparser: "ConfigParser.read_file",
    email: "message_from_file message_from_binary_file",
    file: "writelines",
    functools: "reduce",
    hashlib: "file_digest",
    heapq: "nlargest nsmallest",
    joblib: "dump load",
    json: "dump load",
    list: "extend",
    marshal: "dump load",
    numpy: "fromfile genfromtxt loadtxt save savetxt savez savez_compressed",
    os: "fchmod fdatasync fstat fsync ftruncate isatty",
    pandas:
      "read_csv read_excel read_feather read_fwf read_html read_json read_parquet read_pickle read_sql read_sql_query read_sql_table read_table read_xml",
    "pandas.DataFrame": "to_csv to_feather to_json to_parquet to_pickle to_sql",
    pickle: "dump load",
    plistlib: "dump load",
    polars: "read_csv read_json read_ndjson read_parquet read_excel",
    simplejson: "dump load",
    ujson: "dump load",
    set: "update",
    shutil: "copyfileobj",
    str: "join",
    subprocess: "call check_call check_output run",
    toml: "dump load",
    tomllib: "load",
    torch: "load save",
    "xml.etree.ElementTree": "parse",
    yaml: "dump full_load load safe_dump safe_load",
  }),
);

/** Take one too, and what they give still reads from it or writes to it. */
const VIEWS = new Set(
  members({
    builtins: "enumerate filter iter map reversed zip",
    csv: "DictReader DictWriter reader writer",
    io: "BufferedReader BufferedWriter TextIOWrapper",
    itertools:
      "accumulate batched chain compress cycle dropwhile filterfalse groupby islice pairwise starmap takewhile zip_longest",
    numpy: "load",
    pickle: "Pickler Unpickler",
    tqdm: "tqdm",
    "tqdm.auto": "tqdm",
    "tqdm.notebook": "tqdm",
    "xml.etree.ElementTree": "iterparse",
    yaml: "load_all safe_load_all",
  }),
);

/** Methods of open things that give plain data, whatever the tables say of their type. */
const READS = new Set(
  (
    "read read1 readall readinto readline readlines write writelines writerow writerows writestr writeheader seek tell truncate flush isatty getvalue namelist infolist getnames getmembers getmember getinfo extract extractall add addfile testzip printdir info geturl getcode getheader getheaders readframes getnframes getframerate getnchannels getsampwidth getparams setnchannels setsampwidth setframerate setparams writeframes writeframesraw rewind " +
    "bind connect connect_ex listen accept recv recvfrom recv_into send sendall sendto sendfile setsockopt getsockopt settimeout gettimeout setblocking getsockname getpeername shutdown " +
    "commit rollback begin executemany executescript fetchone fetchall fetchmany scalar scalar_one first one get sync find resize"
  ).split(" "),
);

/** Methods and attributes of documents, and of their pages and arrays, that give data or change what is inside. */
const FROM_DOCUMENTS =
  /^(?:get_\w+|getText|extract_\w+|search_for|find_tables|save|saveIncr|ez_save|tobytes|write|read|insert_\w+|new_page|delete_\w+|select|set_\w+|authenticate|convert_to_pdf|create_\w+|require_\w+|flush|put|append|keys|to_\w+|page_count|pageCount|metadata|filename|shape|width|height|count|crs|transform|bounds|meta|profile|nodata|dtypes?|size|ndim|is_\w+|needs_pass|number|rect|sheet_names|parse)$/;

/** By the name of a method or attribute. */
export function isDocumentData(name: string): boolean {
  return FROM_DOCUMENTS.test(name);
}

export interface Opening {
  readonly kind:
    | "file"
    | "other"
    | "closing"
    | "executor"
    | "pool"
    | "image"
    | "document"
    | "browser"
    | "session"
    | "log";
  /** Position of the mode; undefined where there is none. */
  readonly mode: number | undefined;
}

/** Calls that open something, by qualified name; a method goes by the type of its receiver. */
export const OPENING_CALLS: readonly string[] = [...OPENS.keys()];
/** What the last words of such calls are. */
export const OPENING_METHODS: readonly string[] = [
  ...new Set(OPENING_CALLS.map((it) => it.slice(it.lastIndexOf(".") + 1))),
];

const LAST_WORDS = new RegExp([...new Set([...OPENS.keys()].map((it) => it.slice(it.lastIndexOf(".") + 1)))].join("|"));

/** Asked first, as most calls open nothing: what does is called so, or `gzip_open` and the like where it was imported under another name. */
export function mayOpen(lastWord: string): boolean {
  return LAST_WORDS.test(lastWord);
}

/** Keyed by qualified name; a method goes by the type of its receiver. */
export function openingOf(name: string): Opening | undefined {
  const entry = OPENS.get(name);
  if (entry === undefined) return undefined;
  const [kind, mode] = entry.split("/");
  return { kind: kind as Opening["kind"], mode: mode === undefined ? undefined : Number(mode) };
}

/** What a call does with an open thing it is given; undefined: it may keep it. */
export function borrowing(name: string): "data" | "view" | undefined {
  return BORROWERS.has(name) ? "data" : VIEWS.has(name) ? "view" : undefined;
}

/** The method gives data that no longer needs the open thing. */
export function givesData(method: string): boolean {
  return READS.has(method);
}
