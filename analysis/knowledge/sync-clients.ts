/** Blocking clients of services and databases, and functions that read files or run models for long, with what an event loop awaits instead. */

import { members } from "./table.js";

/** A client whose methods make the thread wait. */
export interface SyncClient {
  /** Methods that go to the server. What only builds a query or names a part of it is none. */
  readonly asks: RegExp;
  /** The client of the same library that is awaited; undefined where there is none. */
  readonly instead: string | undefined;
  /** It works with this machine's processor and not with a server. */
  readonly isLocal: boolean;
  /** Its connection belongs to the thread that opened it. */
  readonly isOfThread: boolean;
}

const MODEL =
  /^(?:create|parse|complete|chat|chat_stream|generate|embed|rerank|generate_content|embed_content|moderate|count_tokens|chat_completion|text_generation|feature_extraction)$/;
/** What the makers of models are asked for besides answers: lists of models, files, batches and the like. */
const SERVICE = new RegExp(`${MODEL.source}|^(?:list|retrieve|delete|cancel|edit|upload_file|poll|\\w+_and_poll)$`);
const SQL =
  /^(?:execute|executemany|executescript|execute_sql|commit|rollback|fetchall|fetchone|fetchmany|callproc|ping)$/;
const ANY =
  /^(?!_)(?!(?:close|set_\w+|with_\w+|get_paginator|get_waiter|generate_presigned_\w+|can_paginate|register_script|pipeline|pubsub|lock|copy|headers|update)$)\w+$/;

const CHROMA =
  /^(?:query|get|add|upsert|update|delete|get_or_create_collection|create_collection|list_collections|delete_collection|heartbeat)$/;

const known = new Map<string, SyncClient>();

function add(
  names: Readonly<Record<string, string>>,
  asks: RegExp,
  instead?: string,
  { isLocal = false, isOfThread = false }: Partial<SyncClient> = {},
): void {
  for (const name of members(names)) known.set(name, { asks, instead, isLocal, isOfThread });
}

add({ openai: "OpenAI Client" }, SERVICE, "openai.AsyncOpenAI");
add({ openai: "AzureOpenAI" }, SERVICE, "openai.AsyncAzureOpenAI");
add({ anthropic: "Anthropic Client AnthropicBedrock AnthropicVertex" }, SERVICE, "anthropic.AsyncAnthropic");
add({ groq: "Groq" }, SERVICE, "groq.AsyncGroq");
add({ together: "Together" }, MODEL, "together.AsyncTogether");
add({ cohere: "Client ClientV2" }, MODEL, "cohere.AsyncClientV2");
add({ huggingface_hub: "InferenceClient" }, MODEL, "huggingface_hub.AsyncInferenceClient");
add({ ollama: "Client" }, MODEL, "ollama.AsyncClient");
add({ "google.genai": "Client" }, MODEL, "client.aio");
add({ "google.generativeai": "GenerativeModel" }, MODEL, "generate_content_async");
add({ mistralai: "Mistral" }, MODEL, "mistralai.Mistral, whose methods have an _async form");
add({ replicate: "Client" }, /^run$/, "replicate.Client.async_run");
add({ gradio_client: "Client" }, /^predict$/);
add({ crewai: "Crew" }, /^kickoff$/, "kickoff_async");
add(
  { tavily: "TavilyClient" },
  /^(?:search|extract|crawl|map|qna_search|get_search_context)$/,
  "tavily.AsyncTavilyClient",
);
add({ aci: "ACI" }, /^(?:search|execute|get_definition|list|get|create|link|delete|enable|disable)$/);
add(
  { pinecone: "Pinecone" },
  /^(?:query|upsert|fetch|delete|describe_index_stats|create_index|list_indexes)$/,
  "pinecone.PineconeAsyncio",
);
add(
  { qdrant_client: "QdrantClient" },
  /^(?:search|query|query_points|upsert|scroll|retrieve|count|delete|add|create_collection|delete_collection|get_collections?|collection_exists|recommend|upload_\w+)$/,
  "qdrant_client.AsyncQdrantClient",
);
add(
  { pymilvus: "MilvusClient" },
  /^(?:search|query|insert|upsert|delete|get|create_collection|hybrid_search)$/,
  "pymilvus.AsyncMilvusClient",
);
add(
  { weaviate: "Client connect_to_local connect_to_weaviate_cloud connect_to_custom" },
  /^(?:do|near_\w+|hybrid|bm25|fetch_objects?|insert|insert_many|is_ready)$/,
  "weaviate.use_async_with_local",
);
add(
  { neo4j: "GraphDatabase.driver" },
  /^(?:run|execute_query|execute_read|execute_write|verify_connectivity)$/,
  "neo4j.AsyncGraphDatabase",
);
add({ exa_py: "Exa" }, /^(?:search|search_and_contents|find_similar|get_contents|answer)$/, "exa_py.AsyncExa");
add({ firecrawl: "FirecrawlApp Firecrawl" }, /^(?:scrape|scrape_url|crawl|crawl_url|map|map_url|search|extract)$/);
add({ duckduckgo_search: "DDGS", ddgs: "DDGS" }, /^(?:text|images|news|videos|chat|answers)$/);
add({ chromadb: "HttpClient" }, CHROMA, "chromadb.AsyncHttpClient");
add(
  { elasticsearch: "Elasticsearch", opensearchpy: "OpenSearch" },
  /^(?:search|index|get|mget|bulk|delete|count|update|exists|create|msearch|scroll|delete_by_query|refresh)$/,
  "elasticsearch.AsyncElasticsearch",
);
add(
  { pymongo: "MongoClient", "pymongo.mongo_client": "MongoClient" },
  /^(?:find_one(?:_and_\w+)?|insert_(?:one|many)|update_(?:one|many)|delete_(?:one|many)|replace_one|aggregate|count_documents|estimated_document_count|distinct|bulk_write|create_index|drop|list_collection_names)$/,
  "pymongo.AsyncMongoClient",
);
add(
  { "firebase_admin.firestore": "client", "google.cloud.firestore": "Client" },
  /^(?:get|set|update|add|delete|commit|create|get_all)$/,
  "google.cloud.firestore.AsyncClient",
);
add(
  { "google.cloud.bigquery": "Client" },
  /^(?:query|result|load_table_\w+|insert_rows\w*|get_table|create_table|delete_table)$/,
);
add(
  { "google.cloud.storage": "Client" },
  /^(?:upload_\w+|download_\w+|get_bucket|get_blob|delete|exists|list_blobs|copy_blob)$/,
);
add({ supabase: "create_client" }, /^execute$/, "supabase.acreate_client");
add(
  { "azure.storage.blob": "BlobServiceClient BlobServiceClient.from_connection_string ContainerClient BlobClient" },
  /^(?:download_blob|upload_blob|readall|exists|delete_blob|delete_container|create_container|get_blob_properties)$/,
  "azure.storage.blob.aio.BlobServiceClient",
);
add(
  { "azure.cosmos": "CosmosClient" },
  /^(?:create_item|upsert_item|read_item|replace_item|delete_item|create_database_if_not_exists|create_container_if_not_exists)$/,
  "azure.cosmos.aio.CosmosClient",
);
add(
  { minio: "Minio" },
  /^(?:f?put_object|f?get_object|stat_object|remove_objects?|bucket_exists|make_bucket|copy_object)$/,
);
add({ boto3: "client", "boto3.Session": "client" }, ANY, "aioboto3");
add({ redis: "Redis StrictRedis from_url Redis.from_url StrictRedis.from_url" }, ANY, "redis.asyncio.Redis");
add({ psycopg2: "connect extensions.connection extensions.cursor" }, SQL);
add({ psycopg: "connect Connection Cursor" }, SQL, "psycopg.AsyncConnection");
add(
  {
    pymysql: "connect",
    "mysql.connector": "connect",
    MySQLdb: "connect",
    pyodbc: "connect",
    oracledb: "connect",
    cx_Oracle: "connect",
    "snowflake.connector": "connect",
  },
  SQL,
);
add({ duckdb: "connect" }, /^(?:execute|sql|query)$/, undefined, { isOfThread: true });
add(
  { clickhouse_connect: "get_client", clickhouse_driver: "Client" },
  /^(?:query|query_df|command|insert|insert_df|execute)$/,
);
add({ sqlite3: "connect Connection Cursor" }, SQL, undefined, { isOfThread: true });
add(
  { "sqlalchemy.orm": "Session sessionmaker scoped_session", sqlmodel: "Session" },
  /^(?:execute|scalars?|commit|rollback|flush|refresh|all|first|one|one_or_none|count|exec)$/,
  "sqlalchemy.ext.asyncio.AsyncSession",
  { isOfThread: true },
);
add({ sqlalchemy: "create_engine" }, /^(?:execute|scalars?|commit)$/, "sqlalchemy.ext.asyncio.create_async_engine", {
  isOfThread: true,
});
add({ "binance.client": "Client", binance: "Client" }, ANY, "binance.AsyncClient");
add(
  { ccxt: "binance binanceus bybit coinbase kraken kucoin okx bitget gateio huobi bitmex" },
  /^(?:fetch_\w+|create_(?=\w*order)\w+|cancel_\w+|load_markets)$/,
  "ccxt.async_support",
);
add({ yfinance: "Ticker" }, /^(?:history|get_\w+|option_chain)$/);
add(
  { urllib3: "PoolManager ProxyManager HTTPConnectionPool HTTPSConnectionPool" },
  /^(?:request|urlopen)$/,
  "httpx.AsyncClient",
);
add({ cloudscraper: "create_scraper" }, /^(?:get|post|put|delete|request)$/);
add({ smtplib: "SMTP SMTP_SSL" }, /^(?:sendmail|send_message|login|starttls|connect|ehlo)$/, "aiosmtplib.SMTP");
add({ paramiko: "SSHClient" }, /^(?:connect|exec_command|open_sftp)$/, "asyncssh.connect");
add({ wolframalpha: "Client" }, /^query$/);
add({ gtts: "gTTS" }, /^(?:save|write_to_fp)$/);
add({ deepl: "Translator DeepLClient" }, /^translate_\w+$/);
add({ deep_translator: "GoogleTranslator DeeplTranslator" }, /^translate(?:_\w+)?$/);
add({ yt_dlp: "YoutubeDL", youtube_dl: "YoutubeDL" }, /^(?:download|extract_info)$/);
add({ speech_recognition: "Recognizer" }, /^(?:recognize_\w+|listen|record)$/);
add({ notion_client: "Client" }, /^(?:query|create|retrieve|update|list|append|search)$/, "notion_client.AsyncClient");
add(
  { "selenium.webdriver": "Chrome Firefox Edge Remote" },
  /^(?:get|refresh|find_elements?|execute_script|save_screenshot|click)$/,
);
add(
  {
    spotipy: "Spotify",
    gspread: "authorize service_account oauth",
    praw: "Reddit",
    tweepy: "Client API",
    wikipedia: "page summary search",
    "twilio.rest": "Client",
    "googleapiclient.discovery": "build",
  },
  /^(?:execute|create|submit|open|open_by_\w+|find|row_values|col_values|append_row|update_cell|get_all_\w+|search\w*|track|current_\w+|playlist\w*|artist\w*|album\w*|get_\w+|page|summary)$/,
);
add(
  { slack_sdk: "WebClient", "slack_sdk.web": "WebClient" },
  /^(?:chat_\w+|api_call|files_\w+|conversations_\w+|users_\w+)$/,
  "slack_sdk.web.async_client.AsyncWebClient",
);
add(
  { docker: "from_env DockerClient" },
  /^(?:run|pull|build|logs|stop|start|exec_run|list|get|remove|wait|kill|create)$/,
);

const LOCAL = { isLocal: true };
add({ chromadb: "Client PersistentClient EphemeralClient" }, CHROMA, undefined, LOCAL);
add(
  { sentence_transformers: "SentenceTransformer CrossEncoder SparseEncoder" },
  /^(?:encode|predict|rank|encode_query|encode_document)$/,
  undefined,
  LOCAL,
);
add({ whisper: "load_model", faster_whisper: "WhisperModel" }, /^transcribe$/, undefined, LOCAL);
add({ easyocr: "Reader" }, /^readtext$/, undefined, LOCAL);
add({ ultralytics: "YOLO" }, /^(?:predict|track|train|val)$/, undefined, LOCAL);
add({ onnxruntime: "InferenceSession" }, /^run$/, undefined, LOCAL);
add({ llama_cpp: "Llama" }, /^(?:create_\w+|generate|embed)$/, undefined, LOCAL);
add({ vllm: "LLM" }, /^(?:generate|chat|encode|embed)$/, "vllm.AsyncLLMEngine", LOCAL);
add({ faiss: "read_index IndexFlatL2 IndexFlatIP IndexIVFFlat IndexHNSWFlat" }, /^(?:search|train)$/, undefined, LOCAL);
add(
  { torch: "load", "keras.models": "load_model", "tensorflow.keras.models": "load_model", joblib: "load" },
  /^(?:predict|predict_proba|generate|fit)$/,
  undefined,
  LOCAL,
);

const CHAT =
  /^(?:invoke|batch|stream|predict|generate|call|embed_query|embed_documents|similarity_search\w*|add_documents|add_texts)$/;

/** Functions that wait or work long by themselves, with what is awaited instead. */
const FUNCTIONS = new Map<string, string | null>([
  ["litellm.completion", "litellm.acompletion"],
  ["litellm.embedding", "litellm.aembedding"],
  ["ollama.chat", "ollama.AsyncClient"],
  ["ollama.generate", "ollama.AsyncClient"],
  ["ollama.embed", "ollama.AsyncClient"],
  ["ollama.embeddings", "ollama.AsyncClient"],
  ...members({
    pandas:
      "read_csv read_parquet read_excel read_json read_sql read_sql_query read_sql_table read_pickle read_feather read_hdf",
    polars: "read_csv read_parquet read_excel read_database",
    torch: "load save",
    yfinance: "download",
    whisper: "load_model transcribe",
    spacy: "load",
    nltk: "download",
    huggingface_hub: "snapshot_download hf_hub_download",
    datasets: "load_dataset",
    "tensorflow.keras.models": "load_model",
    "keras.models": "load_model",
    sentence_transformers: "SentenceTransformer CrossEncoder",
    transformers: "pipeline",
    pytesseract: "image_to_string",
    pdfplumber: "open",
    fitz: "open",
    feedparser: "parse",
    whois: "whois query",
    wikipedia: "page summary search",
    trafilatura: "fetch_url",
    translators: "translate_text",
    "torch.hub": "load",
    "youtube_transcript_api.YouTubeTranscriptApi": "get_transcript list_transcripts",
  }).map((it) => [it, null] as const),
  ["replicate.run", "replicate.async_run"],
  ["openai.Image.create", "openai.Image.acreate"],
  ...members({
    openai: "images.generate audio.transcriptions.create audio.speech.create embeddings.create moderations.create",
  }).map((it) => [it, "openai.AsyncOpenAI"] as const),
]);

/** What a call of this name gives, if that is a client whose methods wait; also by the name of a class. */
export function syncClient(maker: string): SyncClient | undefined {
  return known.get(maker) ?? (FRAMEWORKS.test(maker) ? CHAIN : LOADERS.test(maker) ? LOADER : undefined);
}

/** LangChain's models, embeddings and stores, which have an awaitable twin of each method. */
const FRAMEWORKS =
  /^(?:langchain\w*|langgraph)\.(?:[\w.]+\.)?(?:(?:Azure)?Chat[A-Z]\w*|OpenAI|AzureOpenAI|Ollama\w*|\w+Embeddings|init_chat_model|init_embeddings|create_react_agent|create_agent|(?:Chroma|FAISS|Qdrant\w*|Pinecone\w*|Milvus|Weaviate\w*|PGVector|InMemoryVectorStore)(?:\.(?:from_\w+|load_local))?)$/;
/** Its readers of files and pages. */
const LOADERS = /^langchain\w*\.(?:[\w.]+\.)?[A-Z]\w*Loader$/;
const LOADER: SyncClient = { asks: /^load$/, instead: "a", isLocal: false, isOfThread: false };
const CHAIN: SyncClient = { asks: CHAT, instead: "a", isLocal: false, isOfThread: false };

/** Undefined: none of these. Null: works or waits long, and there is no other form to await. */
export function slowFunction(name: string): string | null | undefined {
  return PRETRAINED.test(name) ? null : FUNCTIONS.get(name);
}
const PRETRAINED = /^(?:transformers|diffusers|peft)\.[\w.]+\.from_pretrained$/;

/** The libraries whose names stand in these tables, by the first part. */
export const SYNC_LIBRARIES: readonly string[] = [
  ...new Set([...known.keys(), ...FUNCTIONS.keys()].map((it) => it.split(".")[0]!)),
  "langchain",
  "langchain_openai",
  "langchain_anthropic",
  "langchain_ollama",
  "langchain_community",
  "langchain_chroma",
  "langchain_groq",
  "langchain_huggingface",
  "langchain_google_genai",
  "langgraph",
  "diffusers",
  "peft",
  "google",
  "firebase_admin",
];
