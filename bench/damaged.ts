/**
 * `npm run bench -- damaged [PART…]`: what a keystroke costs in one huge piece, a literal of a megabyte or a function of 20,000 lines, whole and while a quote,
 * a bracket or a value is missing. The text is typed over LSP; CPU is what the server's process used for it, threads of the collector and the compiler included.
 */
import { startServer, type Stroke } from "./lsp-client.js";
import { median, ms } from "./measure.js";
import { writeSection } from "./results.js";

/** Two of them leave the text as it was. */
const STROKES = 40;
const WARM = 10;
const MEGABYTE = 1 << 20;

interface Shape {
  readonly name: string;
  readonly text: string;
  /** Done once before the typing. */
  readonly damage?: Damage;
  /** Where letters are typed and taken out again: behind this, looked for from the middle on. */
  readonly behind: string;
}

/** The first stretch from the middle on becomes another one, on the same line. */
interface Damage {
  readonly from: string;
  readonly to: string;
}

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");
const sized = (line: (index: number) => string) => lines(Math.ceil(MEGABYTE / line(50_000).length), line);

const DICT = `TABLE = {\n${sized((i) => `    "key_${i}": ["value ${i}", ${i}, None],`)}\n}\n`;
const NESTED = `TABLE = {\n${sized((i) => `    "key_${i}": {"id": ${i}, "tags": ["a", "b"], "of": {"x": ${i}.5, "y": -1}},`)}\n}\n`;
const LIST = `NAMES = [\n${lines(50_000, (i) => `    "name ${i}",`)}\n]\n`;
const CALL = `TABLE = build(\n${sized((i) => `    row_${i}=Row("value ${i}", ${i}),`)}\n)\n`;
const TRIPLE = `TEXT = """\n${sized((i) => `line ${i} of a long text`)}\n"""\n`;
const WHOLE_FUNCTION = `def long(x):\n${lines(20_000, () => "    x = x + 1")}\n    return x\n`;
const MIXED = `def long(x, rows):\n${lines(4_000, (i) => `    a${i} = x + ${i}\n    if a${i} > 3:\n        rows.append(a${i})\n    call(a${i}, key="value")\n    x = a${i} * 2`)}\n    return x\n`;
const LOOPS = `def long(xs):\n${lines(400, (i) => `    r${i} = []\n    for x in xs:\n        r${i}.append(x * ${i})`)}\n    return r1\n`;

const QUOTE: Damage = { from: '",', to: "," };

const SHAPES: readonly Shape[] = [
  { name: "dict literal of 1 MB", text: DICT, behind: '"value ' },
  { name: "the same, a closing quote missing", text: DICT, damage: { from: '", ', to: ", " }, behind: '"value ' },
  { name: "the same, a colon and its value missing", text: DICT, damage: { from: ": [", to: " [" }, behind: '"value ' },
  { name: "the same, an inner bracket missing", text: DICT, damage: { from: "],", to: "," }, behind: '"value ' },
  { name: "the same, the last bracket missing", text: DICT, damage: { from: "}", to: "" }, behind: '"value ' },
  { name: "nested dict literal of 1 MB", text: NESTED, behind: '"key_' },
  { name: "the same, a closing quote missing", text: NESTED, damage: { from: '":', to: ":" }, behind: '"key_' },
  { name: "list of 50,000 strings", text: LIST, behind: '"name ' },
  { name: "the same, a closing quote missing", text: LIST, damage: QUOTE, behind: '"name ' },
  { name: "call of 1 MB", text: CALL, behind: '"value ' },
  { name: "the same, a closing quote missing", text: CALL, damage: { from: '", ', to: ", " }, behind: '"value ' },
  { name: "triple-quoted text of 1 MB", text: TRIPLE, behind: "line " },
  { name: "the same, the closing quotes missing", text: TRIPLE, damage: { from: '"""', to: "" }, behind: "line " },
  { name: "20,000 lines in one function", text: WHOLE_FUNCTION, behind: "x + " },
  { name: "the same, a bracket open", text: WHOLE_FUNCTION, damage: { from: "x + ", to: "(x + " }, behind: "x + " },
  { name: "20,000 mixed lines in one function", text: MIXED, behind: 'key="' },
  { name: "the same, a quote missing", text: MIXED, damage: { from: '")', to: ")" }, behind: 'key="' },
  { name: "400 append loops in one function", text: LOOPS, behind: "(x * " },
];

export async function measureDamaged(parts: readonly string[]): Promise<void> {
  const rows = [
    "| text | KB | open, CPU | keystroke, CPU | keystroke, median | longest |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
  ];
  rows.forEach((it) => console.log(it));
  let family = "";
  for (const shape of SHAPES) {
    if (!shape.name.startsWith("the same")) family = shape.name;
    const name = shape.name.replace("the same", family);
    if (parts.length > 0 && !parts.some((it) => name.includes(it))) continue;
    const row = await measureShape(shape, name);
    console.log(row);
    rows.push(row);
  }
  if (parts.length === 0)
    writeSection(
      "Keystrokes in huge pieces",
      `Milliseconds over LSP, ${STROKES} keystrokes of a server that took ${WARM} before. CPU is the server's process, threads of the collector and the compiler included.`,
      rows,
    );
}

async function measureShape({ text, damage, behind }: Shape, name: string): Promise<string> {
  const server = await startServer(process.execPath, ["dist/server.mjs", "--stdio"]);
  const uri = "file:///nippy-bench/huge.py";
  const used = async (work: () => Promise<unknown>) => {
    const before = server.cpu();
    await work();
    return server.cpu() - before;
  };
  const opened = await used(() => server.open(uri, text));
  let now = text;
  if (damage) {
    const at = placeOf(text, damage.from);
    now = `${text.slice(0, at)}${damage.to}${text.slice(at + damage.from.length)}`;
    await server.type(uri, { ...lineAndColumn(text, at), removed: damage.from.length, text: damage.to });
  }
  const at = placeOf(now, behind) + behind.length;
  const stroke = (index: number): Stroke => ({
    ...lineAndColumn(now, at),
    removed: index % 2,
    text: index % 2 === 0 ? "1" : "",
  });
  for (let index = 0; index < WARM; index++) await server.type(uri, stroke(index));
  const times: number[] = [];
  const cpu = await used(async () => {
    for (let index = 0; index < STROKES; index++) times.push(await server.type(uri, stroke(index)));
  });
  await server.stop();
  const cells = [text.length / 1024, opened, cpu / STROKES, median(times), Math.max(...times)];
  return `| ${name} | ${cells.map((it) => (it < 10 ? ms(it) : it.toFixed(0))).join(" | ")} |`;
}

function placeOf(text: string, stretch: string): number {
  return text.indexOf(stretch, text.length >> 1);
}

function lineAndColumn(text: string, at: number): Pick<Stroke, "line" | "character"> {
  const before = text.slice(0, at).split("\n");
  return { line: before.length - 1, character: before.at(-1)!.length };
}
