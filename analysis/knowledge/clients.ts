/** Facts about clients of services and databases, kept by hand: which calls make a coroutine's thread wait, and which form of the same library it can await. */

import type { LibraryFacts } from "./library.js";
import { constructors, derived, moved, spread, waiting } from "./table.js";

const HTTP = "get post put patch delete head options request";

/** Methods of `openai.OpenAI().chat.completions` and the like hang on attributes that are objects of their own. */
const OPENAI_PARTS = {
  "openai.resources.chat.Chat": "chat", "openai.resources.completions.Completions": "completions", "openai.resources.embeddings.Embeddings": "embeddings", "openai.resources.images.Images": "images", "openai.resources.responses.Responses": "responses", "openai.resources.moderations.Moderations": "moderations",
};

export const CLIENTS: LibraryFacts = {
  returns: [
    ...spread({
      requests: { "requests.Response": HTTP, "requests.Session": "session" },
      "requests.Session": { "requests.Response": `${HTTP} send`, None: "close mount" },
      "requests.Response": { None: "raise_for_status close", iterator: "iter_content iter_lines" },
      httpx: { "httpx.Response": HTTP },
      "httpx.Client": { "httpx.Response": `${HTTP} send`, None: "close" },
      "httpx.AsyncClient": { "coroutine[httpx.Response]": `${HTTP} send`, "coroutine[None]": "aclose" },
      "httpx.Response": { self: "raise_for_status" },
      "aiohttp.ClientSession": { "coroutine[None]": "close" },
      "aiohttp.ClientResponse": { "coroutine[str]": "text", "coroutine[bytes]": "read", coroutine: "json", None: "raise_for_status" },
      psycopg2: { "psycopg2.extensions.connection": "connect" },
      "psycopg2.extensions.connection": { "psycopg2.extensions.cursor": "cursor", None: "commit rollback close" },
      "psycopg2.extensions.cursor": { None: "execute executemany close", list: "fetchall fetchmany" },
      psycopg: { "psycopg.Connection": "connect" },
      "psycopg.Connection": { "psycopg.Cursor": "cursor execute", None: "commit rollback close" },
      "psycopg.Cursor": { self: "execute", None: "executemany close", list: "fetchall fetchmany" },
      pymysql: { "pymysql.connections.Connection": "connect" },
      "pymysql.connections.Connection": { "pymysql.cursors.Cursor": "cursor", None: "commit rollback close" },
      "mysql.connector": { "mysql.connector.MySQLConnection": "connect" },
      "mysql.connector.MySQLConnection": { "mysql.connector.cursor.MySQLCursor": "cursor", None: "commit rollback close" },
      duckdb: { "duckdb.DuckDBPyConnection": "connect" },
      asyncpg: { "coroutine[asyncpg.Connection]": "connect" },
      "asyncpg.Connection": { "coroutine[list]": "fetch", coroutine: "fetchrow fetchval", "coroutine[str]": "execute", "coroutine[None]": "executemany close" },
      sqlalchemy: { "sqlalchemy.Engine": "create_engine" },
      "sqlalchemy.Engine": { "sqlalchemy.Connection": "connect", None: "dispose" },
      "sqlalchemy.orm.Session": { None: "add add_all delete flush commit rollback close", "sqlalchemy.Result": "execute", "sqlalchemy.orm.Query": "query" },
      "sqlalchemy.Connection": { "sqlalchemy.Result": "execute", None: "commit rollback close" },
      "sqlalchemy.ext.asyncio": { "sqlalchemy.ext.asyncio.AsyncEngine": "create_async_engine" },
      "sqlalchemy.ext.asyncio.AsyncSession": { coroutine: "execute scalars scalar get", "coroutine[None]": "commit rollback flush close refresh" },
      redis: { "redis.Redis": "from_url" },
      "openai.resources.chat.completions.Completions": { "openai.types.chat.ChatCompletion": "create" },
      boto3: { "boto3.Session": "Session", "botocore.client.BaseClient": "client" },
      "boto3.Session": { "botocore.client.BaseClient": "client" },
      paramiko: { "paramiko.SSHClient": "SSHClient" },
      "PIL.Image": { "PIL.Image.Image": "open new fromarray" },
      "PIL.Image.Image": { "PIL.Image.Image": "convert copy crop resize rotate transpose filter", None: "save close show thumbnail" },
      joblib: { "list[str]": "dump" },
    }),
    ...constructors({
      requests: "Session", httpx: "Client AsyncClient", aiohttp: "ClientSession", redis: "Redis StrictRedis", "redis.asyncio": "Redis", pymongo: "MongoClient AsyncMongoClient", "motor.motor_asyncio": "AsyncIOMotorClient", "sqlalchemy.orm": "Session", "sqlalchemy.ext.asyncio": "AsyncSession",
      openai: "OpenAI AsyncOpenAI AzureOpenAI AsyncAzureOpenAI", anthropic: "Anthropic AsyncAnthropic", groq: "Groq AsyncGroq", mistralai: "Mistral", cohere: "Client AsyncClient", elasticsearch: "Elasticsearch AsyncElasticsearch", qdrant_client: "QdrantClient AsyncQdrantClient",
    }),
  ],
  attributes: spread({
    "requests.Response": { str: "text url reason encoding", bytes: "content", int: "status_code", bool: "ok" },
    "httpx.Response": { str: "text", bytes: "content", int: "status_code", bool: "is_success is_error" },
    "aiohttp.ClientResponse": { int: "status", str: "reason" },
    "openai.OpenAI": OPENAI_PARTS,
    "openai.resources.chat.Chat": { "openai.resources.chat.completions.Completions": "completions" },
    "anthropic.Anthropic": { "anthropic.resources.messages.Messages": "messages" },
    "groq.Groq": { "groq.resources.chat.Chat": "chat" },
    "groq.resources.chat.Chat": { "groq.resources.chat.completions.Completions": "completions" },
    "PIL.Image.Image": { "tuple[int, int]": "size", int: "width height", str: "mode" },
  }),
  bases: derived({
    "openai.OpenAI": { openai: "AzureOpenAI" },
    "openai.AsyncOpenAI": { openai: "AsyncAzureOpenAI" },
    "redis.Redis": { redis: "StrictRedis" },
  }),
  aliases: [
    ...Object.entries({
      "openai.Client": "openai.OpenAI", "openai.AsyncClient": "openai.AsyncOpenAI", "anthropic.Client": "anthropic.Anthropic", "redis.client.Redis": "redis.Redis", "redis.asyncio.client.Redis": "redis.asyncio.Redis",
    }),
    ...moved({
      requests: { "requests.sessions": "Session", "requests.models": "Response", "requests.api": HTTP },
      aiohttp: { "aiohttp.client": "ClientSession", "aiohttp.client_reqrep": "ClientResponse" },
      sqlalchemy: { "sqlalchemy.engine": "Engine Connection create_engine Result", "sqlalchemy.engine.base": "Engine Connection" },
      "sqlalchemy.orm": { "sqlalchemy.orm.session": "Session" },
      pymongo: { "pymongo.mongo_client": "MongoClient" },
      asyncpg: { "asyncpg.connection": "Connection" },
    }),
  ],
  blocking: [
    ...spread({
      "": {
        "openai.AsyncOpenAI":
          "openai.resources.chat.completions.Completions.create openai.resources.chat.completions.Completions.parse openai.resources.completions.Completions.create openai.resources.embeddings.Embeddings.create openai.resources.images.Images.generate openai.resources.responses.Responses.create openai.resources.responses.Responses.parse openai.resources.moderations.Moderations.create",
        "anthropic.AsyncAnthropic": "anthropic.resources.messages.Messages.create",
        "groq.AsyncGroq": "groq.resources.chat.completions.Completions.create",
        "psycopg.AsyncConnection.connect": "psycopg.connect",
      },
      httpx: { "httpx.AsyncClient": HTTP },
      "httpx.Client": { "httpx.AsyncClient": `${HTTP} send` },
      "psycopg.Connection": { "psycopg.AsyncConnection": "execute commit rollback" },
      "psycopg.Cursor": { "psycopg.AsyncCursor": "execute executemany fetchall fetchone fetchmany" },
      "redis.Redis": { "redis.asyncio.Redis": "get set setex mget mset delete exists expire incr decr hget hset hgetall hmget lpush rpush lpop rpop lrange blpop brpop sadd smembers zadd zrange publish ping keys scan flushdb" },
      "sqlalchemy.orm.Session": { "sqlalchemy.ext.asyncio.AsyncSession": "execute scalars scalar get commit rollback flush refresh" },
      "sqlalchemy.Connection": { "sqlalchemy.ext.asyncio.AsyncConnection": "execute commit rollback" },
      "sqlalchemy.Engine": { "sqlalchemy.ext.asyncio.AsyncEngine": "connect begin" },
    }),
    ...waiting({
      requests: HTTP, "requests.Session": `${HTTP} send`, urllib3: "request", "urllib3.PoolManager": "request urlopen",
      psycopg2: "connect", "psycopg2.extensions.connection": "commit rollback", "psycopg2.extensions.cursor": "execute executemany fetchall fetchone fetchmany",
      pymysql: "connect", "pymysql.connections.Connection": "commit rollback", "pymysql.cursors.Cursor": "execute executemany fetchall fetchone fetchmany",
      "mysql.connector": "connect", "mysql.connector.MySQLConnection": "commit rollback", "mysql.connector.cursor.MySQLCursor": "execute executemany fetchall fetchone fetchmany",
      duckdb: "connect", "duckdb.DuckDBPyConnection": "execute sql", pyodbc: "connect", cx_Oracle: "connect", oracledb: "connect", "snowflake.connector": "connect", "cassandra.cluster.Session": "execute",
      joblib: "load dump", cv2: "imread imwrite VideoCapture waitKey", "PIL.Image.Image": "save", "paramiko.SSHClient": "connect exec_command",
      boto3: "client resource", "boto3.Session": "client resource",
    }),
  ],
};
