/** Facts about TensorFlow 2 and Keras, kept by hand because they ship no stubs; the classes below tensorflow.keras are those of Keras 3.15.1. */

import type { LibraryFacts } from "./library.js";
import { constructors, derived, lists, members, moved, spread, waiting } from "./table.js";

const DATASET_MAKERS =
  "from_tensor_slices from_tensors from_generator range zip list_files random sample_from_datasets choose_from_datasets load counter";
const DATASET_STEPS =
  "map batch shuffle prefetch cache filter take skip repeat shard interleave flat_map window unbatch padded_batch enumerate concatenate snapshot with_options take_while ragged_batch rebatch ignore_errors bucket_by_sequence_length group_by_window scan unique sparse_batch rejection_resample";

const MAKERS = "constant zeros ones fill range linspace eye one_hot convert_to_tensor zeros_like ones_like identity";
const SHAPING =
  "cast reshape expand_dims squeeze concat stack tile pad transpose gather gather_nd where reverse roll slice strided_slice boolean_mask broadcast_to repeat sequence_mask shape size rank stop_gradient ensure_shape";
const ARITHMETIC =
  "abs add subtract multiply divide pow square sqrt exp sin cos tan asin acos atan tanh sigmoid sign round floor maximum minimum equal not_equal greater greater_equal less less_equal logical_and logical_or logical_not reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_any reduce_all argmax argmin cumsum matmul tensordot einsum norm clip_by_value clip_by_norm";
const MATH =
  "abs add subtract multiply divide divide_no_nan floordiv mod pow square sqrt rsqrt exp expm1 log log1p log_sigmoid sin cos tan sinh cosh tanh asin acos atan atan2 sigmoid softplus sign round floor ceil rint maximum minimum equal not_equal greater greater_equal less less_equal logical_and logical_or logical_not logical_xor is_nan is_inf is_finite reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_std reduce_variance reduce_any reduce_all reduce_logsumexp argmax argmin cumsum cumprod bincount confusion_matrix count_nonzero l2_normalize segment_sum unsorted_segment_sum squared_difference erf lgamma digamma add_n negative reciprocal";
const NEURAL =
  "relu relu6 leaky_relu elu selu gelu silu swish sigmoid tanh softmax log_softmax softplus softsign conv1d conv2d conv3d depthwise_conv2d max_pool max_pool2d avg_pool avg_pool2d bias_add batch_normalization embedding_lookup l2_loss l2_normalize softmax_cross_entropy_with_logits sparse_softmax_cross_entropy_with_logits sigmoid_cross_entropy_with_logits";
const LINEAR =
  "matmul inv det trace norm eye diag solve cholesky matrix_transpose band_part expm pinv matvec tensordot einsum";
const IMAGE =
  "resize resize_with_pad decode_image decode_jpeg decode_png grayscale_to_rgb rgb_to_grayscale flip_left_right flip_up_down rot90 central_crop crop_and_resize per_image_standardization convert_image_dtype adjust_brightness adjust_contrast adjust_hue adjust_saturation";
const RANDOM_IMAGE =
  "random_flip_left_right random_flip_up_down random_brightness random_contrast random_hue random_saturation random_crop";
const RANDOM = "normal uniform truncated_normal gamma poisson categorical shuffle stateless_normal stateless_uniform";

const LAYERS =
  "Activation Add Attention AdditiveAttention AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Cropping1D Cropping2D Dense DepthwiseConv2D Discretization Dot Dropout ELU Embedding Flatten GRU GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D GroupNormalization Hashing InputLayer IntegerLookup LSTM Lambda LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum MultiHeadAttention Multiply Normalization PReLU Permute RandomCrop RandomFlip RandomRotation RandomZoom ReLU RepeatVector Rescaling Reshape Resizing SeparableConv2D SimpleRNN Softmax SpatialDropout1D SpatialDropout2D StringLookup Subtract TextVectorization TimeDistributed UpSampling2D ZeroPadding2D";
const OPTIMIZERS = "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lion Nadam RMSprop SGD LossScaleOptimizer";
const LOSSES =
  "BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalHinge CosineSimilarity Hinge Huber KLDivergence LogCosh MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy SquaredHinge";
const METRICS =
  "AUC Accuracy BinaryAccuracy CategoricalAccuracy CategoricalCrossentropy F1Score Mean MeanAbsoluteError MeanSquaredError Precision Recall RootMeanSquaredError SparseCategoricalAccuracy Sum TopKCategoricalAccuracy";
const CALLBACKS =
  "BackupAndRestore CSVLogger EarlyStopping LambdaCallback LearningRateScheduler ModelCheckpoint ReduceLROnPlateau TensorBoard TerminateOnNaN";

export const TENSORFLOW = (): LibraryFacts => ({
  returns: [
    ...spread({
      "tensorflow.data.Dataset": {
        "tensorflow.data.Dataset": `${DATASET_MAKERS} ${DATASET_STEPS}`,
        iterator: "as_numpy_iterator",
        "tensorflow.Tensor": "cardinality",
        None: "save",
      },
      "tensorflow.data.experimental": {
        "tensorflow.data.Dataset": "make_csv_dataset make_batched_features_dataset CsvDataset SqlDataset",
      },
      "tensorflow.keras.utils": {
        "tensorflow.data.Dataset":
          "image_dataset_from_directory text_dataset_from_directory audio_dataset_from_directory timeseries_dataset_from_array",
        "numpy.ndarray": "to_categorical img_to_array",
      },
      tensorflow: {
        "tensorflow.Tensor": `${MAKERS} ${SHAPING} ${ARITHMETIC}`,
        "list[tensorflow.Tensor]": "split unstack",
        None: "print",
      },
      "tensorflow.math": { "tensorflow.Tensor": MATH },
      "tensorflow.nn": { "tensorflow.Tensor": NEURAL },
      "tensorflow.linalg": { "tensorflow.Tensor": LINEAR },
      "tensorflow.image": { "tensorflow.Tensor": `${IMAGE} ${RANDOM_IMAGE}` },
      "tensorflow.random": { "tensorflow.Tensor": RANDOM, None: "set_seed" },
      "tensorflow.io": {
        "tensorflow.Tensor": "read_file decode_image decode_jpeg decode_png decode_raw serialize_tensor parse_tensor",
        dict: "parse_single_example parse_example",
        None: "write_file",
      },
      "tensorflow.strings": {
        "tensorflow.Tensor": "join length lower upper regex_replace strip substr to_number as_string",
      },
      "tensorflow.keras.models": { "tensorflow.keras.Model": "load_model clone_model model_from_json" },
      "tensorflow.keras.Model": {
        "tensorflow.keras.callbacks.History": "fit",
        None: "compile summary save save_weights load_weights reset_metrics",
        int: "count_params",
        str: "to_json",
        "tensorflow.keras.layers.Layer": "get_layer",
        list: "get_weights",
      },
      "tensorflow.Variable": { "tensorflow.Tensor": "read_value value" },
    }),
    ...constructors({
      tensorflow: "Variable GradientTape TensorArray TensorSpec Module",
      "tensorflow.data": "TFRecordDataset TextLineDataset FixedLengthRecordDataset Options",
      "tensorflow.keras": "Model Sequential",
      "tensorflow.keras.layers": LAYERS,
      "tensorflow.keras.optimizers": OPTIMIZERS,
      "tensorflow.keras.losses": LOSSES,
      "tensorflow.keras.metrics": METRICS,
      "tensorflow.keras.callbacks": CALLBACKS,
    }),
  ],
  given: spread({
    // `subset="both"` gives two datasets at once.
    "tensorflow.keras.utils": {
      "subset: ?": "image_dataset_from_directory text_dataset_from_directory audio_dataset_from_directory",
    },
  }),
  attributes: spread({
    "tensorflow.Tensor": { "tensorflow.TensorShape": "shape", "tensorflow.DType": "dtype", int: "ndim" },
    "tensorflow.Variable": {
      "tensorflow.TensorShape": "shape",
      "tensorflow.DType": "dtype",
      str: "name",
      bool: "trainable",
    },
    "tensorflow.keras.Model": {
      list: "layers weights trainable_weights variables trainable_variables metrics",
      str: "name",
      bool: "trainable",
    },
    "tensorflow.keras.callbacks.History": { "dict[str, list[float]]": "history", "list[int]": "epoch" },
  }),
  bases: derived({
    "tensorflow.data.Dataset": { "tensorflow.data": "TFRecordDataset TextLineDataset FixedLengthRecordDataset" },
    "tensorflow.keras.layers.Layer": { "tensorflow.keras": "Model", "tensorflow.keras.layers": LAYERS },
    "tensorflow.keras.Model": { "tensorflow.keras": "Sequential" },
    "tensorflow.keras.optimizers.Optimizer": { "tensorflow.keras.optimizers": OPTIMIZERS },
    "tensorflow.keras.losses.Loss": { "tensorflow.keras.losses": LOSSES },
    "tensorflow.keras.metrics.Metric": { "tensorflow.keras.metrics": METRICS },
    "tensorflow.keras.callbacks.Callback": { "tensorflow.keras.callbacks": `${CALLBACKS} History` },
    "tensorflow.Module": { "tensorflow.keras.layers": "Layer" },
  }),
  aliases: [
    ...Object.entries({
      "tensorflow.python.data.ops.dataset_ops.DatasetV2": "tensorflow.data.Dataset",
      "tensorflow.python.framework.ops.Tensor": "tensorflow.Tensor",
      "tensorflow.python.framework.ops.EagerTensor": "tensorflow.Tensor",
      "tensorflow.compat.v2.data.Dataset": "tensorflow.data.Dataset",
      "tensorflow.keras.backend.clear_session": "tensorflow.keras.utils.clear_session",
      "tensorflow.keras.mixed_precision.LossScaleOptimizer": "tensorflow.keras.optimizers.LossScaleOptimizer",
      "keras.mixed_precision.LossScaleOptimizer": "tensorflow.keras.optimizers.LossScaleOptimizer",
    }),
    ...moved({
      "tensorflow.keras": {
        keras: "Model Sequential Input",
        "tensorflow.keras.models": "Model Sequential",
        "keras.models": "Model Sequential",
        "tensorflow.python.keras": "Model Sequential",
        "tensorflow.python.keras.models": "Model Sequential",
      },
      "tensorflow.keras.layers": {
        "keras.layers": `${LAYERS} Layer Input`,
        "tensorflow.python.keras.layers": `${LAYERS} Layer`,
      },
      "tensorflow.keras.models": {
        "keras.models": "load_model clone_model model_from_json",
        "tensorflow.python.keras.models": "load_model",
      },
      "tensorflow.keras.optimizers": { "keras.optimizers": `${OPTIMIZERS} Optimizer` },
      "tensorflow.keras.losses": { "keras.losses": `${LOSSES} Loss` },
      "tensorflow.keras.metrics": { "keras.metrics": `${METRICS} Metric` },
      "tensorflow.keras.callbacks": { "keras.callbacks": `${CALLBACKS} Callback History` },
      "tensorflow.keras.utils": {
        "keras.utils":
          "image_dataset_from_directory text_dataset_from_directory audio_dataset_from_directory timeseries_dataset_from_array to_categorical img_to_array clear_session",
      },
      "tensorflow.keras.mixed_precision": { "keras.mixed_precision": "set_global_policy Policy" },
    }),
  ],
  mutators: lists({
    "tensorflow.data.Dataset": "",
    "tensorflow.data.TFRecordDataset": "",
    "tensorflow.data.TextLineDataset": "",
    "tensorflow.data.FixedLengthRecordDataset": "",
    "tensorflow.Tensor": "",
    "tensorflow.Variable":
      "assign assign_add assign_sub scatter_update scatter_add scatter_sub scatter_nd_update batch_scatter_update load",
  }),
  pure: members({
    tensorflow: `${MAKERS} ${SHAPING} ${ARITHMETIC} split unstack`,
    "tensorflow.math": MATH,
    "tensorflow.nn": NEURAL,
    "tensorflow.linalg": LINEAR,
    "tensorflow.image": IMAGE,
    "tensorflow.strings": "join length lower upper regex_replace strip substr to_number as_string",
  }),
  blocking: waiting({
    "tensorflow.keras.Model": "fit evaluate predict predict_on_batch train_on_batch save load_weights save_weights",
    "tensorflow.keras.models": "load_model",
    "tensorflow.io": "read_file write_file",
  }),
});
