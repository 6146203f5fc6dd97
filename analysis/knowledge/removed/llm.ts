/** What the clients and frameworks of language models took out: openai, transformers, anthropic, pinecone, LlamaIndex; checked by scripts/removed.py. */

import { DROP, like, same, words, type RemovedTable } from "./table.js";

const CLIENT = (path: string) => words(`make a client, \`client = openai.OpenAI()\`, and call \`client.${path}\``);

/** What the clients and frameworks of language models took out: openai, transformers, anthropic, pinecone, LlamaIndex: the table. */
export const LLM_REMOVED: RemovedTable = {
  roots: {
    openai: ["openai", "openai"],
    transformers: ["transformers", "transformers"],
    anthropic: ["anthropic", "anthropic"],
    pinecone: ["pinecone", "pinecone"],
    llama_index: ["llama_index", "LlamaIndex"],
    langchain_ollama: ["langchain_core", "LangChain"],
  },
  source: {
    openai: "https://github.com/openai/openai-python/discussions/742",
    transformers: "https://github.com/huggingface/transformers/releases/tag/v*.0",
    anthropic: "https://github.com/anthropics/anthropic-sdk-python/blob/main/CHANGELOG.md",
    pinecone: "https://github.com/pinecone-io/pinecone-python-client/releases/tag/v*.0",
    llama_index: "https://github.com/run-llama/llama_index/blob/main/CHANGELOG.md",
  },
  settings: ["openai.api_base", "openai.proxy", "openai.api_key_path"],
  removals: [
    ["openai.ChatCompletion", "1.0", CLIENT("chat.completions.create(…)")],
    ["openai.Completion", "1.0", CLIENT("completions.create(…)")],
    ["openai.Embedding", "1.0", CLIENT("embeddings.create(…)")],
    ["openai.Edit", "1.0", words("the service is gone")],
    ["openai.Image", "1.0", CLIENT("images.generate(…)")],
    ["openai.Audio", "1.0", CLIENT("audio.transcriptions.create(…)")],
    ["openai.File", "1.0", CLIENT("files.create(…)")],
    ["openai.{FineTune|FineTuningJob}", "1.0", CLIENT("fine_tuning.jobs.create(…)")],
    ["openai.Moderation", "1.0", CLIENT("moderations.create(…)")],
    ["openai.Model", "1.0", CLIENT("models.list()")],
    ["openai.{Engine|Deployment|Customer}", "1.0", words("")],
    ["openai.ErrorObject", "1.0", words("`openai.APIError` is the class of errors of the service")],
    ["openai.api_base", "1.0", words("it is `openai.base_url` now, or `base_url=` of the client")],
    ["openai.proxy", "1.0", words("pass an `httpx` client as `http_client=`")],
    [
      "openai.{api_key_path|requestssession|aiosession|verify_ssl_certs|app_info|enable_telemetry|ca_bundle_path}",
      "1.0",
      words("settings of the client take its place"),
    ],
    [
      "openai.error.{APIError|APIConnectionError|AuthenticationError|RateLimitError|OpenAIError}",
      "1.0",
      words("`openai` itself has it"),
    ],
    ["openai.error.Timeout", "1.0", like("openai.APITimeoutError", "it is there from openai 1.0 on")],
    ["openai.error.InvalidRequestError", "1.0", like("openai.BadRequestError", "it is there from openai 1.0 on")],
    ["openai.error.PermissionError", "1.0", like("openai.PermissionDeniedError", "it is there from openai 1.0 on")],
    [
      "openai.error.ServiceUnavailableError",
      "1.0",
      like("openai.InternalServerError", "it stands for more errors of the server"),
    ],
    ["openai.error", "1.0", words("the errors are in `openai` itself, some under other names")],
    [
      "openai.{api_resources|api_requestor|openai_object|embeddings_utils|datalib|object_classes|openai_response|wandb_logger|util}",
      "1.0",
      words(""),
    ],
    ["openai.InvalidRequestError", "1.0", like("openai.BadRequestError", "it is there from openai 1.0 on")],
    [
      "transformers.AdamW",
      "5.0",
      like("torch.optim.AdamW", "its weight decay is 0.01 if nothing is said, and it has no `correct_bias=`"),
    ],
    [
      "transformers.AutoModelWithLMHead",
      "5.0",
      words("`AutoModelForCausalLM`, `AutoModelForMaskedLM` or `AutoModelForSeq2SeqLM` takes its place"),
    ],
    ["transformers.{TFTrainer|TFTrainingArguments}", "5.0", words("the `fit` of Keras takes its place")],
    [
      "transformers.{TFAutoModel|TFAutoModelForSequenceClassification|TFAutoModelForCausalLM|TFAutoModelForMaskedLM|TFAutoModelForQuestionAnswering|TFAutoModelForTokenClassification|TFAutoModelForSeq2SeqLM|TFBertModel|TFBertForSequenceClassification|TFDistilBertModel|TFDistilBertForSequenceClassification|TFRobertaModel|TFRobertaForSequenceClassification|TFGPT2LMHeadModel|TFGPT2Model|TFT5ForConditionalGeneration|TFPreTrainedModel|TFViTModel|TFViTForImageClassification|FlaxAutoModel|FlaxBertModel|FlaxT5ForConditionalGeneration|FlaxAutoModelForCausalLM}",
      "5.0",
      words("transformers has models for PyTorch only; take the one without `TF` or `Flax`"),
    ],
    [
      "transformers.{modeling_bert|modeling_roberta|modeling_gpt2|modeling_distilbert|modeling_albert|modeling_electra|modeling_xlnet|modeling_t5|modeling_bart|modeling_auto|modeling_xlm_roberta|modeling_longformer|tokenization_bert|tokenization_roberta|tokenization_gpt2|tokenization_auto|tokenization_t5|tokenization_bart|tokenization_distilbert|tokenization_xlnet|configuration_bert|configuration_roberta|configuration_gpt2|configuration_auto|configuration_t5|configuration_distilbert}",
      "4.0",
      words("it is in `transformers.models.…` now, and `transformers` itself has what is public of it"),
    ],
    [
      "transformers.TrainingArguments(evaluation_strategy)",
      "5.0",
      like("eval_strategy", "it is there from transformers 4.41 on"),
    ],
    ["transformers.TrainingArguments(no_cuda)", "5.0", like("use_cpu", "it is there from transformers 4.34 on")],
    ["transformers.TrainingArguments({per_gpu_train_batch_size})", "5.0", same("per_device_train_batch_size")],
    ["transformers.TrainingArguments({per_gpu_eval_batch_size})", "5.0", same("per_device_eval_batch_size")],
    ["transformers.TrainingArguments({overwrite_output_dir})", "5.0", DROP],
    [
      "transformers.TrainingArguments({fp16_backend|half_precision_backend|fp16_opt_level|push_to_hub_token|push_to_hub_model_id|push_to_hub_organization|include_inputs_for_metrics|use_mps_device|past_index|jit_mode_eval|torchdynamo|ray_scope|save_safetensors|mp_parameters|tpu_metrics_debug|use_legacy_prediction_loop|group_by_length|include_tokens_per_second})",
      "5.0",
      words(""),
    ],
    ["transformers.Trainer(tokenizer)", "5.0", like("processing_class", "it is there from transformers 4.46 on")],
    [
      "transformers.Seq2SeqTrainer(tokenizer)",
      "5.0",
      like("processing_class", "it is there from transformers 4.46 on"),
    ],
    ["transformers.Trainer(tb_writer)", "4.0", words("a `TensorBoardCallback` takes its place")],
    [
      "transformers.{Conversation|ConversationalPipeline}",
      "4.42",
      words("the pipeline `text-generation` takes messages"),
    ],
    [
      "transformers.{LineByLineTextDataset|TextDataset|TextDatasetForNextSentencePrediction|LineByLineWithRefDataset|LineByLineWithSOPTextDataset|SquadDataset|GlueDataset}",
      "5.0",
      words("the package `datasets` takes its place"),
    ],
    ["transformers.{load_tf_weights_in_bert|load_tf_weights_in_gpt2|load_tf_weights_in_t5}", "5.0", words("")],
    ["transformers.{PretrainedBartModel}", "4.20", words("")],
    ["transformers.{cached_path|hf_bucket_url|url_to_filename}", "4.30", words("`huggingface_hub` takes its place")],
    ["transformers.generation_utils", "5.0", same("transformers.generation")],
    [
      "transformers.{generation_logits_process|generation_stopping_criteria|generation_beam_search}",
      "4.30",
      words("`transformers.generation` has it"),
    ],
    ["transformers.{deepspeed}", "5.0", words("`transformers.integrations.deepspeed` has it")],
    [
      "transformers.{agents|Agent|ReactCodeAgent|HfAgent|OpenAiAgent|LocalAgent}",
      "4.53",
      words("the package smolagents has it"),
    ],
    ["anthropic.Client.completion", "0.3", words("`messages.create` takes its place")],
    ["anthropic.ApiException", "0.3", words("`anthropic.APIError` takes its place")],
    ["anthropic.count_tokens", "0.3", words("`client.messages.count_tokens` takes its place")],
    [
      "pinecone.{init|create_index|list_indexes|describe_index|delete_index}",
      "3.0",
      words("make a client, `pc = pinecone.Pinecone()`, and call the method of it"),
    ],
    [
      "llama_index.{VectorStoreIndex|SimpleDirectoryReader|Document|StorageContext|load_index_from_storage|SummaryIndex|PromptTemplate|KnowledgeGraphIndex|TreeIndex|get_response_synthesizer}",
      "0.10",
      words("`llama_index.core` has it"),
    ],
    [
      "llama_index.{ServiceContext|LLMPredictor|set_global_service_context|PromptHelper}",
      "0.10",
      words("`Settings` of `llama_index.core` takes its place"),
    ],
    [
      "llama_index.{GPTVectorStoreIndex|GPTListIndex|GPTTreeIndex}",
      "0.10",
      words("`llama_index.core` has it, without `GPT`"),
    ],
    [
      "llama_index.{query_engine|schema|prompts|chat_engine|text_splitter|objects|bridge|data_structs|response}",
      "0.10",
      words("`llama_index.core` has it"),
    ],
    [
      "langchain_ollama.{ChatOllama|OllamaLLM}({max_tokens|max_output_tokens|max_new_tokens})",
      "0",
      same("num_predict"),
    ],
    ["llama_index.core.{ServiceContext|service_context}", "0.11", words("`Settings` takes its place")],
  ],
};
