/** Bytes of a Python file to text and back, by Python's own rules: a byte order mark, else a coding comment (PEP 263), else UTF-8. */

/** How a text was stored, so that it can be stored in the same way again. */
export interface Encoding {
  /** As the Encoding Standard names it; `latin1` and `ascii` mean what Python means by them. */
  readonly label: string;
  readonly bom: boolean;
}

export type Decoded = { readonly text: string; readonly encoding: Encoding } | { readonly problem: string };

export function decode(bytes: Uint8Array): Decoded {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff))
    return { problem: "This file is UTF-16, which Python does not read: save it as UTF-8." };
  // A buffer is searched by the C library, any other array element by element.
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(0))
    return { problem: "This file holds NUL bytes, so it is not Python source." };

  const bom = startsWith(bytes, 0xef, 0xbb, 0xbf);
  const body = bom ? bytes.subarray(3) : bytes;
  const declared = bom ? undefined : codingComment(body);
  const label = declared === undefined ? "utf-8" : labelOf(declared);
  const text = label === undefined ? undefined : decodeAs(label, body);
  if (label === undefined) return { problem: `Its first lines declare an unknown encoding, "${declared}".` };
  if (text === undefined)
    return { problem: `Line ${firstBadLine(label, body)} is not valid ${label.toUpperCase()}${adviceFor(declared)}.` };
  return { text, encoding: { label, bom } };
}

/** JSON is UTF-8, whatever its first lines may say. */
export function decodeNotebook(bytes: Uint8Array): Decoded {
  return decodeUtf8(bytes, "This notebook");
}

export function decodeUtf8(bytes: Uint8Array, what = "This file"): Decoded {
  const bom = startsWith(bytes, 0xef, 0xbb, 0xbf);
  const text = decodeAs("utf-8", bom ? bytes.subarray(3) : bytes);
  if (text === undefined) return { problem: `${what} is not valid UTF-8.` };
  return { text, encoding: { label: "utf-8", bom } };
}

/** Undefined when the text has a character that the encoding lacks, or the encoding can only be read here. */
export function encode(text: string, { label, bom }: Encoding): Uint8Array | undefined {
  if (label === "utf-8") return Buffer.from(bom ? `\ufeff${text}` : text, "utf8");
  const bytes = label === "latin1" || label === "ascii" ? Buffer.from(text, "latin1") : encodeByTable(text, label);
  return bytes !== undefined && decodeAs(label, bytes) === text ? bytes : undefined;
}

function startsWith(bytes: Uint8Array, ...wanted: readonly number[]): boolean {
  return wanted.every((it, index) => bytes[index] === it);
}

const CODING = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const BLANK_OR_COMMENT = /^[ \t\f]*(?:#|$)/;

/** The name in a coding comment on line 1, or on line 2 where line 1 holds no code. */
function codingComment(bytes: Uint8Array): string | undefined {
  const [first = "", second = ""] = Buffer.from(bytes.subarray(0, 1000))
    .toString("latin1")
    .split(/\r\n|\r|\n/, 2);
  return (CODING.exec(first) ?? (BLANK_OR_COMMENT.test(first) ? CODING.exec(second) : null))?.[1];
}

/** Python's names for encodings that the Encoding Standard knows by another name, or means something else by. */
const PYTHON_NAMES: Readonly<Record<string, string>> = {
  "utf-8-sig": "utf-8",
  u8: "utf-8",
  utf: "utf-8",
  cp65001: "utf-8",
  "latin-1": "latin1",
  latin1: "latin1",
  latin: "latin1",
  l1: "latin1",
  "iso-8859-1": "latin1",
  "iso8859-1": "latin1",
  "8859": "latin1",
  cp819: "latin1",
  ascii: "ascii",
  "us-ascii": "ascii",
  "646": "ascii",
  "latin-9": "iso-8859-15",
  l9: "iso-8859-15",
  "shift-jis": "shift_jis",
  sjis: "shift_jis",
  cp932: "shift_jis",
  cp936: "gbk",
  cp949: "euc-kr",
  eucjp: "euc-jp",
};

function labelOf(declared: string): string | undefined {
  const name = declared.toLowerCase().replaceAll("_", "-");
  const known = PYTHON_NAMES[name];
  if (known !== undefined) return known;
  try {
    const { encoding } = new TextDecoder(name.replace(/^cp(?=125\d$)/, "windows-"));
    return encoding.startsWith("utf-16") ? undefined : encoding;
  } catch {
    return undefined;
  }
}

function decodeAs(label: string, bytes: Uint8Array): string | undefined {
  // The Encoding Standard reads both names as windows-1252, which differs from Latin-1 between 0x80 and 0x9f.
  if (label === "latin1") return Buffer.from(bytes).toString("latin1");
  if (label === "ascii") return bytes.some((it) => it > 0x7f) ? undefined : Buffer.from(bytes).toString("latin1");
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const NEWLINE = 10;

/** No encoding read here uses a newline's byte inside another character, so lines can be tried one by one. */
function firstBadLine(label: string, bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    if (decodeAs(label, bytes.subarray(start, end)) === undefined) return line;
    start = end;
  }
  return line;
}

function adviceFor(declared: string | undefined): string {
  return declared === undefined
    ? ": save the file as UTF-8, or declare its encoding in a comment on the first line"
    : `, which its first lines declare`;
}

function encodeByTable(text: string, label: string): Uint8Array | undefined {
  const table = new Map<string, number>();
  const decoder = new TextDecoder(label);
  for (let byte = 0; byte < 256; byte++) {
    const character = decoder.decode(Uint8Array.of(byte));
    if (character.length === 1 && character !== "\ufffd") table.set(character, byte);
  }
  const bytes = Array.from(text, (character) => table.get(character));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}
