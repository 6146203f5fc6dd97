/** What TensorFlow 2 took out of TensorFlow 1, and Keras 3 of Keras 2; checked by scripts/removed.py. */

import { DROP, drop, like, same, words, type Present, type RemovedTable } from "./table.js";

/** Names of TensorFlow 1 that have another place in TensorFlow 2 and do the same there. */
const MOVED: Readonly<Record<string, string>> = {
  angle: "math.angle",
  betainc: "math.betainc",
  ceil: "math.ceil",
  cholesky: "linalg.cholesky",
  confusion_matrix: "math.confusion_matrix",
  conj: "math.conj",
  cross: "linalg.cross",
  cumprod: "math.cumprod",
  decode_base64: "io.decode_base64",
  decode_raw: "io.decode_raw",
  depth_to_space: "nn.depth_to_space",
  diag: "linalg.tensor_diag",
  diag_part: "linalg.tensor_diag_part",
  digamma: "math.digamma",
  div_no_nan: "math.divide_no_nan",
  encode_base64: "io.encode_base64",
  erf: "math.erf",
  erfc: "math.erfc",
  expm1: "math.expm1",
  fft: "signal.fft",
  fft2d: "signal.fft2d",
  fft3d: "signal.fft3d",
  floordiv: "math.floordiv",
  floormod: "math.floormod",
  global_norm: "linalg.global_norm",
  ifft: "signal.ifft",
  ifft2d: "signal.ifft2d",
  ifft3d: "signal.ifft3d",
  imag: "math.imag",
  invert_permutation: "math.invert_permutation",
  is_finite: "math.is_finite",
  is_inf: "math.is_inf",
  is_nan: "math.is_nan",
  lbeta: "math.lbeta",
  lgamma: "math.lgamma",
  log: "math.log",
  log1p: "math.log1p",
  log_sigmoid: "math.log_sigmoid",
  logical_xor: "math.logical_xor",
  matching_files: "io.matching_files",
  matrix_band_part: "linalg.band_part",
  matrix_determinant: "linalg.det",
  matrix_inverse: "linalg.inv",
  matrix_transpose: "linalg.matrix_transpose",
  mod: "math.mod",
  parse_tensor: "io.parse_tensor",
  polygamma: "math.polygamma",
  random_gamma: "random.gamma",
  random_normal: "random.normal",
  random_shuffle: "random.shuffle",
  random_uniform: "random.uniform",
  read_file: "io.read_file",
  real: "math.real",
  reciprocal: "math.reciprocal",
  regex_replace: "strings.regex_replace",
  rint: "math.rint",
  rsqrt: "math.rsqrt",
  segment_max: "math.segment_max",
  segment_mean: "math.segment_mean",
  segment_min: "math.segment_min",
  segment_prod: "math.segment_prod",
  segment_sum: "math.segment_sum",
  serialize_tensor: "io.serialize_tensor",
  squared_difference: "math.squared_difference",
  string_join: "strings.join",
  string_strip: "strings.strip",
  string_to_hash_bucket_fast: "strings.to_hash_bucket_fast",
  string_to_number: "strings.to_number",
  svd: "linalg.svd",
  trace: "linalg.trace",
  truncated_normal: "random.truncated_normal",
  unsorted_segment_max: "math.unsorted_segment_max",
  unsorted_segment_mean: "math.unsorted_segment_mean",
  unsorted_segment_min: "math.unsorted_segment_min",
  unsorted_segment_prod: "math.unsorted_segment_prod",
  unsorted_segment_sum: "math.unsorted_segment_sum",
  write_file: "io.write_file",
  zeta: "math.zeta",
  FixedLenFeature: "io.FixedLenFeature",
  FixedLenSequenceFeature: "io.FixedLenSequenceFeature",
  SparseFeature: "io.SparseFeature",
  VarLenFeature: "io.VarLenFeature",
  OpError: "errors.OpError",
  FIFOQueue: "queue.FIFOQueue",
  PaddingFIFOQueue: "queue.PaddingFIFOQueue",
  RandomShuffleQueue: "queue.RandomShuffleQueue",
  lin_space: "linspace",
  set_random_seed: "random.set_seed",
  verify_tensor_all_finite: "debugging.assert_all_finite",
  tensor_scatter_update: "tensor_scatter_nd_update",
  tensor_scatter_add: "tensor_scatter_nd_add",
  tensor_scatter_sub: "tensor_scatter_nd_sub",
  scatter_nd_update: "compat.v1.scatter_nd_update",
  assign: "compat.v1.assign",
  glorot_uniform_initializer: "compat.v1.glorot_uniform_initializer",
  glorot_normal_initializer: "compat.v1.glorot_normal_initializer",
  truncated_normal_initializer: "compat.v1.truncated_normal_initializer",
  variance_scaling_initializer: "compat.v1.variance_scaling_initializer",
  "image.resize_images": "compat.v1.image.resize_images",
  "image.resize_image_with_crop_or_pad": "image.resize_with_crop_or_pad",
  "image.resize_image_with_pad": "compat.v1.image.resize_image_with_pad",
  "image.transpose_image": "image.transpose",
  "debugging.is_nan": "math.is_nan",
  "debugging.is_inf": "math.is_inf",
  "debugging.is_finite": "math.is_finite",
  "train.NewCheckpointReader": "train.load_checkpoint",
  "train.write_graph": "io.write_graph",
};

/** Names whose arguments have other names or another order in TensorFlow 2. */
const REARRANGED = new Set([
  "confusion_matrix",
  "decode_raw",
  "depth_to_space",
  "string_to_number",
  "train.NewCheckpointReader",
  "verify_tensor_all_finite",
]);

/** What goes with graphs and sessions: there as long as the code stays what it is, by the path of the old version. */
const GRAPHS =
  "placeholder placeholder_with_default Session InteractiveSession ConfigProto GPUOptions GraphOptions OptimizerOptions RunOptions RunMetadata AUTO_REUSE VariableScope GraphKeys " +
  "get_variable get_variable_scope variable_scope variable_op_scope get_local_variable global_variables local_variables model_variables trainable_variables moving_average_variables " +
  "global_variables_initializer local_variables_initializer tables_initializer variables_initializer initialize_all_variables initialize_all_tables initialize_local_variables " +
  "report_uninitialized_variables is_variable_initialized add_to_collection add_to_collections get_collection get_collection_ref get_default_graph get_default_session " +
  "reset_default_graph GraphDef MetaGraphDef NodeDef make_template fixed_size_partitioner enable_eager_execution disable_eager_execution disable_v2_behavior enable_v2_behavior " +
  "enable_resource_variables sparse_placeholder Print py_func all_variables op_scope " +
  "train.AdadeltaOptimizer train.AdagradOptimizer train.AdamOptimizer train.FtrlOptimizer train.GradientDescentOptimizer train.MomentumOptimizer train.RMSPropOptimizer train.Optimizer " +
  "train.SyncReplicasOptimizer train.Saver train.Supervisor train.MonitoredSession train.MonitoredTrainingSession train.SingularMonitoredSession train.Scaffold train.SessionRunHook " +
  "train.SessionRunArgs train.StopAtStepHook train.LoggingTensorHook train.CheckpointSaverHook train.SummarySaverHook train.QueueRunner train.start_queue_runners train.batch " +
  "train.shuffle_batch train.string_input_producer train.slice_input_producer train.get_global_step train.get_or_create_global_step train.create_global_step train.global_step " +
  "train.exponential_decay train.polynomial_decay train.cosine_decay train.piecewise_constant train.piecewise_constant_decay train.inverse_time_decay train.natural_exp_decay " +
  "train.import_meta_graph train.export_meta_graph train.init_from_checkpoint train.replica_device_setter train.Server train.summary_iterator " +
  "losses.absolute_difference losses.add_loss losses.compute_weighted_loss losses.cosine_distance losses.get_losses losses.get_regularization_loss losses.get_regularization_losses " +
  "losses.get_total_loss losses.hinge_loss losses.huber_loss losses.log_loss losses.mean_squared_error losses.sigmoid_cross_entropy losses.softmax_cross_entropy " +
  "losses.sparse_softmax_cross_entropy metrics.accuracy metrics.auc metrics.mean metrics.mean_absolute_error metrics.mean_iou metrics.mean_squared_error metrics.precision metrics.recall " +
  "metrics.root_mean_squared_error summary.FileWriter summary.merge summary.merge_all summary.Summary Summary nn.rnn_cell nn.dynamic_rnn nn.bidirectional_dynamic_rnn nn.static_rnn " +
  "nn.raw_rnn nn.softmax_cross_entropy_with_logits_v2 nn.xw_plus_b nn.fused_batch_norm data.make_one_shot_iterator data.make_initializable_iterator io.tf_record_iterator " +
  "saved_model.simple_save saved_model.builder saved_model.loader saved_model.tag_constants saved_model.signature_constants saved_model.signature_def_utils " +
  "app flags gfile logging layers distributions python_io resource_loader to_float to_int32 to_int64 to_double to_bfloat16 div multinomial random_crop sparse_to_dense sparse_tensor_to_dense " +
  "arg_max arg_min matrix_diag matrix_solve count_nonzero bincount parse_example parse_single_example decode_csv string_split substr sparse_reduce_sum colocate_with " +
  "batch_to_space_nd space_to_depth reduce_join extract_image_patches assign_add assign_sub scatter_update scatter_add image.resize_bilinear image.resize_bicubic " +
  "image.resize_nearest_neighbor image.resize_area image.extract_image_patches assert_positive assert_type assert_scalar dimension_value where_v2 wrap_function get_seed";

const NEW: Readonly<Record<string, Present>> = {
  to_float: words("write `tf.cast(x, tf.float32)`"),
  to_int32: words("write `tf.cast(x, tf.int32)`"),
  to_int64: words("write `tf.cast(x, tf.int64)`"),
  to_double: words("write `tf.cast(x, tf.float64)`"),
  div: words("write `tf.math.divide` or `//`"),
  Print: words("`tf.print` takes its place"),
  py_func: words("`tf.numpy_function` takes its place"),
  app: words("absl, or `tf.compat.v1.app`, takes its place"),
  flags: words("absl, argparse, or `tf.compat.v1.flags` takes its place"),
  gfile: words("`tf.io.gfile` takes its place, with names in lower case"),
  logging: words("`tf.get_logger()`, or `tf.compat.v1.logging`, takes its place"),
  enable_eager_execution: words("leave it out: it is on from the start"),
  layers: words("`tf.keras.layers` takes its place"),
};

/** Placeholders, sessions and collections do not work where every step runs at once. */
const GRAPH_DOUBT = "with TensorFlow 2 it may need `tf.compat.v1.disable_v2_behavior()`";

const KERAS_OPTIMIZERS = "keras.optimizers.{Adam|SGD|RMSprop|Adagrad|Adadelta|Nadam|Adamax|Ftrl}";

/** What TensorFlow 2 took out of TensorFlow 1, and Keras 3 of Keras 2: the table. */
export const TENSORFLOW_REMOVED: RemovedTable = {
  roots: { tensorflow: ["tensorflow", "TensorFlow"], keras: ["keras", "Keras"] },
  source: {
    tensorflow: "https://www.tensorflow.org/guide/migrate/tf1_vs_tf2",
    keras: "https://keras.io/guides/migrating_to_keras_3/",
  },
  objects: { "keras.Model": "word", "keras.optimizers.Optimizer": /(?:^|[._])opt(?:im|imi[sz]er)?$/ },
  uncalled: /^lr$/,
  settings: ["keras.optimizers.Optimizer.lr"],
  paths: [
    ["tensorflow.keras.", "keras."],
    ["keras.models.Sequential.", "keras.Model."],
    ["keras.models.Model.", "keras.Model."],
    ["keras.api.", "keras."],
  ],
  bundled: {
    root: "keras",
    by: "tensorflow",
    title: "TensorFlow",
    release: (since) =>
      since.startsWith("3") ? "2.16" : /^2\.(\d+)$/.exec(since) && Number(since.slice(2)) >= 6 ? since : "2.0",
  },
  removals: [
    ["tensorflow.contrib", "2.0", words("parts of it are in TensorFlow Addons, tf-slim and Keras")],
    ...Object.entries(MOVED).map(
      ([old, now]) =>
        [
          `tensorflow.${old}`,
          "2.0",
          now.startsWith("compat.")
            ? like(`tensorflow.${now}`, GRAPH_DOUBT)
            : REARRANGED.has(old)
              ? like(`tensorflow.${now}`, "its arguments have other names or another order")
              : same(`tensorflow.${now}`),
        ] as const,
    ),
    ...GRAPHS.split(" ").map(
      (it) => [`tensorflow.${it}`, "2.0", NEW[it] ?? like(`tensorflow.compat.v1.${it}`, GRAPH_DOUBT)] as const,
    ),
    ["tensorflow.estimator", "2.16", words("Keras takes its place")],
    ["keras.Model.fit_generator", "3.0", like("fit", "`steps_per_epoch` and workers are told in another way")],
    ["keras.Model.predict_generator", "3.0", like("predict", "`steps` and workers are told in another way")],
    ["keras.Model.evaluate_generator", "3.0", like("evaluate", "`steps` and workers are told in another way")],
    [
      "keras.Model.predict_classes",
      "2.6",
      words("write `model.predict(x).argmax(axis=-1)`, or `> 0.5` for one output"),
    ],
    ["keras.Model.to_yaml", "3.0", words("`to_json` takes its place")],
    ["keras.models.model_from_yaml", "3.0", words("`model_from_json` takes its place")],
    [
      "keras.Model.fit({nb_epoch|samples_per_epoch|nb_val_samples})",
      "3.0",
      words("`epochs=` and `steps_per_epoch=` take its place"),
    ],
    [
      "keras.Model.{fit|predict|evaluate}({workers|use_multiprocessing|max_queue_size})",
      "3.0",
      words("it belongs to the `keras.utils.PyDataset`"),
    ],
    ["keras.Model.compile({sample_weight_mode|experimental_run_tf_function})", "3.0", DROP],
    [`${KERAS_OPTIMIZERS}(lr)`, "3.0", like("learning_rate", "it is there from Keras 2.3 on")],
    ["keras.optimizers.Optimizer.lr", "3.0", like("learning_rate", "it is there from Keras 2.3 on")],
    ["keras.callbacks.ModelCheckpoint(period)", "3.0", words("`save_freq=` takes its place")],
    ["keras.callbacks.TensorBoard({write_grads|batch_size|embeddings_layer_names})", "3.0", DROP],
    [
      "keras.layers.{Dense|Conv1D|Conv2D|Conv3D|LSTM|GRU|Embedding}(init)",
      "3.0",
      words("`kernel_initializer=` takes its place"),
    ],
    ["keras.layers.{Conv1D|Conv2D|Conv3D|MaxPooling2D|AveragePooling2D}(border_mode)", "3.0", same("padding")],
    [
      "keras.layers.Conv2D({subsample|nb_filter|nb_row|nb_col|dim_ordering})",
      "3.0",
      words("`strides=`, `filters=`, `kernel_size=` and `data_format=` take its place"),
    ],
    [
      "keras.layers.{Dense|Conv2D|LSTM|GRU}({W_regularizer|b_regularizer|W_constraint|b_constraint})",
      "3.0",
      words("the names begin with `kernel_` and `bias_` now"),
    ],
    ["keras.layers.Dense(output_dim)", "3.0", same("units")],
    ["keras.layers.Dropout(p)", "3.0", same("rate")],
    ["keras.layers.BatchNormalization(mode)", "3.0", drop("it takes the mean of each feature, as `mode=0` did")],
    ["keras.layers.BatchNormalization(fused)", "3.0", DROP],
    ["keras.layers.{LSTM|GRU|SimpleRNN}(time_major)", "3.0", words("")],
    [
      "keras.layers.{Dense|LSTM|GRU|Conv1D|Conv2D|Embedding}(batch_input_shape)",
      "3.0",
      words("`keras.Input(batch_shape=…)` takes its place"),
    ],
    ["keras.utils.to_categorical(nb_classes)", "3.0", same("num_classes")],
    ["keras.{Model|models.Model}({input|output})", "3.0", words("write `inputs=` and `outputs=`")],
    ["keras.utils.np_utils.to_categorical", "2.13", same("keras.utils.to_categorical")],
    ["keras.utils.np_utils", "2.13", words("`keras.utils` itself has `to_categorical` and `normalize`")],
    ["keras.utils.vis_utils.plot_model", "2.13", same("keras.utils.plot_model")],
    ["keras.utils.vis_utils.model_to_dot", "2.13", same("keras.utils.model_to_dot")],
    ["keras.utils.vis_utils", "2.13", words("`keras.utils` itself has `plot_model`")],
    ["keras.utils.generic_utils.get_custom_objects", "2.13", same("keras.utils.get_custom_objects")],
    ["keras.utils.generic_utils.CustomObjectScope", "2.13", same("keras.utils.CustomObjectScope")],
    ["keras.utils.generic_utils.Progbar", "2.13", same("keras.utils.Progbar")],
    [
      "keras.utils.{generic_utils|data_utils|io_utils|layer_utils|conv_utils|tf_utils|training_utils}",
      "2.13",
      words("`keras.utils` itself has what is public of it"),
    ],
    ["keras.utils.multi_gpu_model", "2.4", words("`tf.distribute.MirroredStrategy` takes its place")],
    ["keras.utils.HDF5Matrix", "2.6", words("read the file with h5py")],
    ["keras.utils.{OrderedEnqueuer|GeneratorEnqueuer}", "3.0", words("`keras.utils.PyDataset` takes its place")],
    ["keras.layers.{CuDNNLSTM|CuDNNGRU}", "2.6", words("`LSTM` and `GRU` use cuDNN by themselves")],
    ["keras.layers.{LocallyConnected1D|LocallyConnected2D}", "3.0", words("")],
    ["keras.layers.{MaxoutDense|Highway|TimeDistributedDense|AtrousConvolution2D|Merge}", "2.2", words("")],
    [
      "keras.layers.{core|convolutional|pooling|recurrent|embeddings|noise|local|wrappers|convolutional_recurrent|advanced_activations}",
      "2.13",
      words("`keras.layers` itself has them"),
    ],
    ["keras.layers.{merge|normalization}", "3.0", words("`keras.layers` itself has them")],
    ["keras.layers.experimental", "3.0", words("`keras.layers` itself has them")],
    ["keras.{engine|objectives|experimental|premade|estimator}", "3.0", words("")],
    ["keras.engine.topology.Layer", "2.6", same("keras.layers.Layer")],
    ["keras.backend.{get_session|set_session}", "3.0", words("`tf.compat.v1.keras.backend` has it")],
    ["keras.backend.tensorflow_backend", "2.4", words("`keras.backend` takes its place")],
    ["keras.backend.{learning_phase|set_learning_phase}", "3.0", words("pass `training=` to the layer")],
    ["keras.backend.function", "3.0", words("a `keras.Model` of the layers takes its place")],
    ["keras.initializers.{normal|uniform}", "3.0", words("`RandomNormal` and `RandomUniform` take its place")],
    ["keras.losses.cosine_proximity", "2.6", words("`cosine_similarity` takes its place")],
    ["keras.constraints.maxnorm", "2.13", same("keras.constraints.MaxNorm")],
    [
      "keras.wrappers.scikit_learn",
      "3.0",
      words("the package scikeras, or `keras.wrappers` of Keras 3, takes its place"),
    ],
    [
      "keras.preprocessing.{text.Tokenizer|text.one_hot|text.hashing_trick|text.text_to_word_sequence|sequence.TimeseriesGenerator|image.ImageDataGenerator|sequence.skipgrams}",
      "3.0",
      words(
        "`tf.keras.preprocessing` still has it, and `TextVectorization` or `image_dataset_from_directory` takes its place",
      ),
    ],
  ],
  alone: ["keras.preprocessing."],
};
