/** Functions that keep the processor or the disk busy for long, whatever they are given. */

import { members } from "./table.js";

const HEAVY = new Set(
  members({
    hashlib: "pbkdf2_hmac scrypt file_digest",
    bcrypt: "hashpw checkpw kdf",
    "werkzeug.security": "generate_password_hash check_password_hash",
    os: "walk",
    zlib: "compress decompress",
    gzip: "compress decompress",
    bz2: "compress decompress",
    lzma: "compress decompress",
    "zipfile.ZipFile": "extractall testzip",
    "tarfile.TarFile": "extractall",
    "pathlib.Path": "rglob",
    pypdf: "PdfReader",
    PyPDF2: "PdfReader",
    docx: "Document",
    openpyxl: "load_workbook",
    "PIL.Image.Image": "resize thumbnail rotate transform filter convert save",
    librosa: "load",
    soundfile: "read write",
    cv2: "imread imwrite resize cvtColor GaussianBlur imencode imdecode ",
    "sklearn.cluster": "DBSCAN.fit KMeans.fit",
    "scipy.optimize": "minimize curve_fit linprog differential_evolution",
    "scipy.integrate": "odeint solve_ivp quad",
    "matplotlib.pyplot": "savefig",
    "matplotlib.figure.Figure": "savefig",
    difflib: "get_close_matches",
    "difflib.SequenceMatcher": "ratio",
    rembg: "remove",
    trafilatura: "extract",
    html2text: "html2text",
    "unstructured.partition.auto": "partition",
    pdf2image: "convert_from_path convert_from_bytes",
    camelot: "read_pdf",
    tabula: "read_pdf",
    textract: "process",
    pydub: "AudioSegment.from_file",
  }),
);

/** Whether a function or method, by its qualified name, works for long without waiting for anybody. */
export function worksLong(name: string): boolean {
  return HEAVY.has(name);
}

/**
 * `self.pdf.parse(…)`, `splitter.split_documents(…)`: what is called like work on whole documents. For a hint alone.
 * @param object the last name of the object
 */
export function soundsLong(object: string, method: string): boolean {
  return DOCUMENTS.test(object) ? WORK.test(method) : WHOLE.test(method);
}
const DOCUMENTS = /(?:pdf|docx?|extractor|ocr|parser|tokeni[sz]er|compressor|renderer)$|chunk|split|table_?extract/i;
const WORK = /^(?!\w*header)(?:parse|chunk|split|extract|process|ocr|render|compress|convert)(?:_\w+)?$/;
const WHOLE =
  /^(?:split_documents|split_text|extract_tables|extract_pages|extract_text|apply_mmr|image_to_string|rerank_documents|build_index|rebuild_index)$/;

/**
 * `process_audio_file(…)`, `extract_text_from_pdf(…)`, `save_upload(…)`: a function of another file that is called like work on whole media or documents. For a hint alone.
 * @param name the last name of the callee
 */
export function soundsLikeMediaWork(name: string): boolean {
  return MEDIA.test(name);
}
const MEDIA =
  /^_?(?:process|load|decode|convert|transcode|transcribe|extract|parse|render|compress|ocr|resize|chunk|split|summari[sz]e)_(?:\w+_)?(?:audio|video|pdfs?|docx?|documents?|images?|speech|wav|mp3|mp4|frames)(?:_(?:files?|from_\w+|to_\w+|text|bytes|content))?$|^_?(?:audio|video|pdf|image|docx?)_to_\w+$|^_?save_upload(?:ed)?(?:_file)?$/;

/**
 * `agent.run(…)`, `self.fetcher.fetch_reports(…)`, `vector_store.similarity_search(…)`: what is called like work that asks a model, a store or a site and waits for it. For a hint alone.
 * @param object the last name of the object
 */
export function soundsLikeService(object: string, method: string): boolean {
  return (
    ASKED.test(method) ||
    (ANSWERERS.test(object) && ANSWERS.test(method)) ||
    (FETCHERS.test(object) && FETCHES.test(method)) ||
    (STORES.test(object) && STORED.test(method))
  );
}
/** Names that only libraries of models and stores have: each has a twin with an `a` in front. */
const ASKED =
  /^(?:similarity_search(?:_\w+)?|max_marginal_relevance_search(?:_\w+)?|get_relevant_documents|embed_(?:documents|query))$/;
const ANSWERERS =
  /(?:^|_)(?:(?:ai|llm|chat|gpt|openai)_(?:manager|service|client|handler|engine|assistant)|agent|chain|graph|workflow|crew|chatbot|rag|rag_(?:system|engine|pipeline|service|app)|retriever|reranker|embedder|embeddings|summari[sz]er|transcriber|translator|llm)$|(?:Agent|Chain|Retriever|Reranker|Embedder)$/;
const ANSWERS =
  /^(?:invoke|run|kickoff|query|ask|answer|chat|retrieve|rerank|search|embed|generate|summari[sz]e|transcribe|translate)(?:_\w+)?$|_(?:ingest|summari[sz]e|transcribe)$/;
const FETCHERS =
  /(?:^|_)(?:scraper|crawler|fetcher|downloader|uploader|ingestor|indexer|api_?client|(?:http|rest)_?client)$/;
const FETCHES = /^(?:run|scrape|crawl|fetch|download|upload|ingest|index)(?:_\w+)?$/;
const STORES = /(?:^|_)(?:vector_?(?:store|db)|chroma(?:_client|_db)?|faiss(?:_index)?|qdrant|milvus)$/;
const STORED = /^(?:get|search|query|upsert|delete|add_(?:documents|texts|embeddings)|save_local|load_local)$/;

/**
 * `verify_password(…)`, `get_password_hash(…)`: a function of another file that hashes a password, which is made to take a tenth of a second and more.
 * @param name the last name of the callee
 */
export function soundsLikeHashing(name: string): boolean {
  return HASHING.test(name);
}
const HASHING =
  /^_?(?:(?:verify|check|hash|validate|encrypt)_(?:user_)?(?:password|passwd|pw|pwd)(?:_hash)?|(?:get|create|make|generate)_(?:password|passwd|pw|pwd)_hash|(?:get_)?hashed_password)$/;

/**
 * `ask_llm(…)`, `fetch_prices(…)`, `run_agent(…)`: a function of another file that is called like a question to a model, a database or a site. For a hint alone.
 * @param name the last name of the callee
 */
export function soundsLikeAsking(name: string): boolean {
  return ASKING.test(name);
}
const ASKING =
  /^_?(?!\w*(?<!_from)_(?:error|path|dir|url|link|name|key|state|status|progress|count|config|settings|options|args|message|prompt)s?$)(?:(?:run|call|ask|query|invoke|prompt)_(?:\w+_)?(?:llm|model|agents?|crew|graph|workflow|gpt|openai|claude|gemini|ollama|chatbot|rag|database|db|api)|(?:fetch|download|scrape|crawl)_\w+|(?:get|create|generate)_(?:\w+_)?embeddings?|embed_(?:texts?|query|documents?|chunks?)|generate_(?:answer|response|reply|completion|summary)|transcribe(?:_\w+)?|(?:summari[sz]e|translate)_(?:text|documents?|article|page)|rerank(?:_\w+)?|retrieve_\w+|(?!(?:get|create|build|init|initiali[sz]e|load|make|setup|set|configure|use|is|has|default|new|select|choose|the|my|with)_)\w+_(?:(?:with|using|via|by)_)?(?:llm|gpt|openai|gemini|claude|ollama)|search_(?:web|google|vector_?store|documents|similar\w*)|send_e?mail)$/;

/** Whether a function makes a tree of a whole page or document, by its qualified name: quick for a small one, long for a large one. */
export function parsesWhole(name: string): boolean {
  return PARSES.test(name);
}
const PARSES =
  /^(?:bs4\.BeautifulSoup|lxml\.(?:html\.(?:fromstring|document_fromstring|parse)|etree\.(?:fromstring|parse|HTML|XML))|xml\.etree\.ElementTree\.(?:fromstring|parse|XML))$/;
