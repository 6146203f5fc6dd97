/** The libraries whose versions rules may ask for: the names they are installed under, and how their versions are compared. */

import type { Answer } from "./effects.js";

/**
 * Import names, each with the distributions that bring it, written as PEP 503 normalises them.
 * Only these are looked for: what no rule can ask for must not make kept results stale.
 */
export const LIBRARIES = {
  accelerate: ["accelerate"],
  aiohttp: ["aiohttp"],
  anthropic: ["anthropic"],
  attr: ["attrs"],
  bs4: ["beautifulsoup4"],
  celery: ["celery"],
  chromadb: ["chromadb"],
  cohere: ["cohere"],
  cupy: ["cupy", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x"],
  cv2: [
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
    "opencv",
    "py-opencv",
  ],
  dask: ["dask", "dask-core"],
  datasets: ["datasets"],
  diffusers: ["diffusers"],
  django: ["django"],
  duckdb: ["duckdb", "python-duckdb"],
  faiss: ["faiss-cpu", "faiss-gpu", "faiss"],
  fastapi: ["fastapi"],
  flask: ["flask"],
  gensim: ["gensim"],
  geopandas: ["geopandas"],
  gradio: ["gradio"],
  h5py: ["h5py"],
  httpx: ["httpx"],
  huggingface_hub: ["huggingface-hub"],
  jax: ["jax"],
  joblib: ["joblib"],
  keras: ["keras"],
  langchain: ["langchain"],
  langchain_community: ["langchain-community"],
  langchain_core: ["langchain-core"],
  langchain_openai: ["langchain-openai"],
  langgraph: ["langgraph"],
  lightgbm: ["lightgbm"],
  lightning: ["lightning"],
  litellm: ["litellm"],
  llama_index: ["llama-index", "llama-index-core"],
  lxml: ["lxml"],
  matplotlib: ["matplotlib", "matplotlib-base"],
  mlflow: ["mlflow", "mlflow-skinny"],
  networkx: ["networkx"],
  nltk: ["nltk"],
  numba: ["numba"],
  numpy: ["numpy"],
  onnxruntime: ["onnxruntime", "onnxruntime-gpu"],
  openai: ["openai"],
  optuna: ["optuna"],
  orjson: ["orjson"],
  pandas: ["pandas"],
  peft: ["peft"],
  PIL: ["pillow", "pillow-simd"],
  pinecone: ["pinecone", "pinecone-client"],
  plotly: ["plotly"],
  polars: ["polars", "polars-lts-cpu"],
  psycopg: ["psycopg"],
  psycopg2: ["psycopg2", "psycopg2-binary"],
  pyarrow: ["pyarrow"],
  pydantic: ["pydantic"],
  pymongo: ["pymongo"],
  pyspark: ["pyspark"],
  pytest: ["pytest"],
  pytorch_lightning: ["pytorch-lightning"],
  qdrant_client: ["qdrant-client"],
  ray: ["ray", "ray-core"],
  redis: ["redis", "redis-py"],
  requests: ["requests"],
  scipy: ["scipy"],
  seaborn: ["seaborn", "seaborn-base"],
  sentence_transformers: ["sentence-transformers"],
  shapely: ["shapely"],
  skimage: ["scikit-image"],
  sklearn: ["scikit-learn"],
  spacy: ["spacy"],
  sqlalchemy: ["sqlalchemy"],
  starlette: ["starlette"],
  statsmodels: ["statsmodels"],
  streamlit: ["streamlit"],
  tensorflow: [
    "tensorflow",
    "tensorflow-cpu",
    "tensorflow-gpu",
    "tensorflow-intel",
    "tensorflow-macos",
    "tensorflow-base",
  ],
  tensorflow_datasets: ["tensorflow-datasets"],
  tiktoken: ["tiktoken"],
  timm: ["timm"],
  tokenizers: ["tokenizers"],
  torch: ["torch", "pytorch", "pytorch-cpu", "pytorch-gpu"],
  torchaudio: ["torchaudio"],
  torchvision: ["torchvision"],
  tqdm: ["tqdm"],
  transformers: ["transformers"],
  trl: ["trl"],
  ultralytics: ["ultralytics"],
  vllm: ["vllm"],
  wandb: ["wandb"],
  weaviate: ["weaviate-client"],
  xarray: ["xarray"],
  xgboost: ["xgboost", "py-xgboost", "xgboost-cpu"],
  yaml: ["pyyaml"],
  zarr: ["zarr"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The name a library is imported by. */
export type LibraryName = keyof typeof LIBRARIES;

/** What a project says of one library, as releases (`2.1.0`); at least one of the two is there. */
export interface LibraryVersion {
  /** What the code runs with: locked, pinned or installed. */
  readonly version?: string;
  /** The lowest version that the project's own dependencies allow. */
  readonly oldest?: string;
}

/** Libraries of which nothing is known are left out. */
export type LibraryVersions = Readonly<Partial<Record<LibraryName, LibraryVersion>>>;

/** `from` is the first release that fits, `until` the first one that does not any more. */
export interface VersionGate {
  readonly from?: string;
  readonly until?: string;
}

export type LibraryGates = Readonly<Partial<Record<LibraryName, VersionGate>>>;

const BY_DISTRIBUTION: ReadonlyMap<string, LibraryName> = new Map(
  (Object.entries(LIBRARIES) as [LibraryName, readonly string[]][]).flatMap(([library, distributions]) =>
    distributions.map((it) => [it, library] as const),
  ),
);

/** The library that a distribution brings, however its name is written; undefined where no rule can ask for it. */
export function libraryOf(distribution: string): LibraryName | undefined {
  return BY_DISTRIBUTION.get(distribution.toLowerCase().replace(/[-_.]+/g, "-"));
}

/** The numbers of a version: `2.1.0rc1+cu121` is `2.1.0`. Undefined for what is no version, or counts in epochs. */
export function releaseOf(version: string): string | undefined {
  return /^\s*v?(\d{1,9}(?:\.\d{1,9}){0,5})(?![\d!])/.exec(version)?.[1];
}

/** Below 0 where `a` is older. Parts that are not there are 0: `2` is as new as `2.0.0`. */
export function compareReleases(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = Number(left[index] ?? 0) - Number(right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether all that is known of a library lies within the gate: what it runs with, and the oldest it still allows. */
export function fitsGate({ from, until }: VersionGate, { version, oldest }: LibraryVersion = {}): Answer {
  const known = [version, oldest].filter((it) => it !== undefined);
  if (known.length === 0) return "unknown";
  const isWithin = (it: string) =>
    (from === undefined || compareReleases(it, from) >= 0) && (until === undefined || compareReleases(it, until) < 0);
  return known.every(isWithin) ? "yes" : "no";
}
