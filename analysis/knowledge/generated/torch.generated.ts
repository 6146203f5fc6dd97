/** PyTorch, read from torch 2.13.0+cpu by scripts/knowledge.py; change that, not this. */

import type { LibraryFacts } from "../library.js";
import { constructors, derived, lists, members, moved, spread, waiting } from "../table.js";

// Names that stand in two tables.
const PURE_TORCH_0 =
  "abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr adjoint alias_copy all amax amin angle any arange arccos arccosh arcsin arcsinh " +
  "arctan arctan2 arctanh argmax argmin argsort argwhere as_strided as_strided_copy as_strided_scatter as_tensor asarray asin asinh atan atan2 atanh " +
  "baddbmm bartlett_window bincount bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor blackman_window block_diag bmm " +
  "broadcast_to bucketize cartesian_prod cat cdist ceil cholesky cholesky_inverse cholesky_solve clamp clip clone col_indices_copy column_stack " +
  "combinations complex concat concatenate conj conj_physical copysign corrcoef cos cosh count_nonzero cov cross crow_indices_copy cumprod cumsum " +
  "cumulative_trapezoid deg2rad det detach_copy diag diag_embed diagflat diagonal diagonal_copy diagonal_scatter diff digamma dist div divide dot dstack " +
  "einsum eq erf erfc erfinv exp exp2 expand_copy expm1 eye fake_quantize_per_channel_affine fake_quantize_per_tensor_affine fix flatten flip fliplr " +
  "flipud float_power floor floor_divide fmax fmin fmod frac from_numpy frombuffer full full_like gather gcd ge ger greater greater_equal gt " +
  "hamming_window hann_window hash_tensor heaviside histc hspmm hstack hypot i0 igamma igammac imag index_add index_copy index_reduce index_select " +
  "indices_copy inner inverse isclose isfinite isin isinf isnan isneginf isposinf isreal kaiser_window kron lcm ldexp le lerp less less_equal lgamma " +
  "linspace log log10 log1p log2 logaddexp logaddexp2 logcumsumexp logdet logical_and logical_not logical_or logical_xor logit logspace logsumexp lt " +
  "lu_solve masked_select matmul matrix_exp matrix_power max maximum mean median min minimum mm moveaxis movedim msort mul multiply mv mvlgamma nan_to_num " +
  "nanmean nanmedian nanquantile nansum narrow narrow_copy ne neg negative nextafter nonzero nonzero_static norm not_equal ones ones_like orgqr ormqr " +
  "outer permute permute_copy pinverse polar polygamma positive pow prod quantile quantize_per_channel quantize_per_tensor_dynamic quantized_batch_norm " +
  "quantized_max_pool1d quantized_max_pool2d rad2deg range ravel real reciprocal remainder renorm repeat_interleave reshape resolve_conj resolve_neg roll " +
  "rot90 round row_stack rsqrt scatter scatter_add scatter_reduce searchsorted segment_reduce select select_copy select_scatter sgn sigmoid sign signbit " +
  "sin sinc sinh slice_copy slice_scatter smm softmax sparse_bsc_tensor sparse_bsr_tensor sparse_compressed_tensor sparse_coo_tensor sparse_csc_tensor " +
  "sparse_csr_tensor sqrt square squeeze squeeze_copy sspaddmm stack std stft sub subtract sum swapaxes swapdims t t_copy take take_along_dim tan tanh " +
  "tensor tensordot tile trace transpose transpose_copy trapezoid trapz tril tril_indices triu triu_indices true_divide trunc unflatten unfold_copy " +
  "unsqueeze unsqueeze_copy values_copy vander var vdot view_as_complex view_as_complex_copy view_as_real view_as_real_copy view_copy vstack xlogy zeros " +
  "zeros_like";
const PURE_TORCH_TENSOR_0 =
  "abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr adjoint all amax amin angle any arccos arccosh arcsin arcsinh arctan arctan2 " +
  "arctanh argmax argmin argsort argwhere as_strided as_strided_scatter as_subclass asin asinh atan atan2 atanh baddbmm bfloat16 bincount bitwise_and " +
  "bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor bmm bool broadcast_to byte ccol_indices ceil chalf char cholesky " +
  "cholesky_inverse cholesky_solve clamp clamp_max clamp_min clip clone coalesce col_indices conj conj_physical contiguous copysign corrcoef cos cosh " +
  "count_nonzero cov cpu cross crow_indices cuda cumprod cumsum deg2rad dequantize det detach diag diag_embed diagflat diagonal diagonal_scatter diff " +
  "digamma dist div divide dot double eq erf erfc erfinv exp exp2 expand expand_as expm1 fix flatten flip fliplr flipud float float_power floor " +
  "floor_divide fmax fmin fmod frac gather gcd ge ger greater greater_equal gt half hardshrink hash_tensor heaviside histc hypot i0 igamma igammac " +
  "index_add index_copy index_fill index_put index_reduce index_select indices inner int int_repr inverse isclose isfinite isinf isnan isneginf isposinf " +
  "isreal istft kron lcm ldexp le lerp less less_equal lgamma log log10 log1p log2 log_softmax logaddexp logaddexp2 logcumsumexp logdet logical_and " +
  "logical_not logical_or logical_xor logit logsumexp long lt lu_solve masked_fill masked_scatter masked_select matmul matrix_exp matrix_power max maximum " +
  "mean median min minimum mm moveaxis movedim msort mul multiply mv mvlgamma nan_to_num nanmean nanmedian nanquantile nansum narrow narrow_copy ne neg " +
  "negative new_full new_ones new_tensor new_zeros nextafter nonzero nonzero_static norm not_equal orgqr ormqr outer permute pin_memory pinverse polygamma " +
  "positive pow prelu prod put q_per_channel_scales q_per_channel_zero_points quantile rad2deg ravel reciprocal relu remainder renorm repeat " +
  "repeat_interleave reshape reshape_as resolve_conj resolve_neg roll rot90 round row_indices rsqrt scatter scatter_add scatter_reduce select " +
  "select_scatter sgn short sigmoid sign signbit sin sinc sinh slice_inverse slice_scatter smm softmax sparse_mask sqrt square squeeze sspaddmm std stft " +
  "sub subtract sum sum_to_size swapaxes swapdims t take take_along_dim tan tanh tile to to_dense to_mkldnn to_padded_tensor to_sparse to_sparse_bsc " +
  "to_sparse_bsr to_sparse_csc to_sparse_csr trace transpose tril triu true_divide trunc type_as unflatten unfold unique unsqueeze values var vdot view " +
  "view_as where xlogy xpu";
const PURE_TORCH_LINALG_0 =
  "cholesky cond cross det diagonal eigvals eigvalsh householder_product inv ldl_solve lu_solve matmul matrix_exp matrix_norm matrix_power matrix_rank " +
  "norm pinv solve solve_triangular svdvals tensorinv tensorsolve vander vecdot vector_norm";
const PURE_TORCH_NN_FUNCTIONAL_0 =
  "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d affine_grid avg_pool1d " +
  "avg_pool2d avg_pool3d bilinear binary_cross_entropy binary_cross_entropy_with_logits celu channel_shuffle conv1d conv2d conv3d conv_tbc " +
  "conv_transpose1d conv_transpose2d conv_transpose3d cosine_embedding_loss cosine_similarity cross_entropy ctc_loss elu fold gaussian_nll_loss gelu glu " +
  "grid_sample group_norm grouped_mm hardshrink hardsigmoid hardswish hardtanh hinge_embedding_loss huber_loss interpolate kl_div l1_loss layer_norm " +
  "leaky_relu linear linear_cross_entropy local_response_norm log_softmax logsigmoid lp_pool1d lp_pool2d lp_pool3d margin_ranking_loss max_pool1d " +
  "max_pool2d max_pool3d max_unpool1d max_unpool2d max_unpool3d mish mse_loss multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss " +
  "native_channel_shuffle nll_loss normalize one_hot pad pairwise_distance pdist pixel_shuffle pixel_unshuffle poisson_nll_loss prelu relu relu6 rms_norm " +
  "scaled_mm selu sigmoid silu smooth_l1_loss soft_margin_loss softmax softmin softplus softshrink softsign tanh tanhshrink threshold triplet_margin_loss " +
  "triplet_margin_with_distance_loss unfold upsample upsample_bilinear upsample_nearest";
const PURE_TORCH_SPECIAL_0 =
  "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w digamma " +
  "entr erf erfc erfcx erfinv exp2 expit expm1 gammainc gammaincc gammaln hermite_polynomial_h hermite_polynomial_he i0 i0e i1 i1e laguerre_polynomial_l " +
  "legendre_polynomial_p log1p log_ndtr log_softmax logit modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 multigammaln ndtr " +
  "ndtri polygamma psi round scaled_modified_bessel_k0 scaled_modified_bessel_k1 shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u " +
  "shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w sinc softmax spherical_bessel_j0 xlog1py xlogy zeta";
const CHANGING_TORCH_TENSOR_0 =
  "abs_ absolute_ acos_ acosh_ add_ addbmm_ addcdiv_ addcmul_ addmm_ addmv_ addr_ apply_ arccos_ arccosh_ arcsin_ arcsinh_ arctan2_ arctan_ arctanh_ " +
  "as_strided_ asin_ asinh_ atan2_ atan_ atanh_ baddbmm_ bernoulli_ bitwise_and_ bitwise_left_shift_ bitwise_not_ bitwise_or_ bitwise_right_shift_ " +
  "bitwise_xor_ cauchy_ ceil_ clamp_ clamp_max_ clamp_min_ clip_ conj_physical_ copy_ copysign_ cos_ cosh_ cumprod_ cumsum_ deg2rad_ digamma_ div_ divide_ " +
  "eq_ erf_ erfc_ erfinv_ exp2_ exp_ expm1_ exponential_ fill_ fill_diagonal_ fix_ float_power_ floor_ floor_divide_ fmod_ frac_ gcd_ ge_ geometric_ " +
  "greater_ greater_equal_ gt_ heaviside_ hypot_ i0_ igamma_ igammac_ index_add_ index_copy_ index_fill_ index_put_ index_reduce_ lcm_ ldexp_ le_ lerp_ " +
  "less_ less_equal_ lgamma_ log10_ log1p_ log2_ log_ log_normal_ logical_and_ logical_not_ logical_or_ logical_xor_ logit_ lt_ map2_ map_ masked_fill_ " +
  "masked_scatter_ mul_ multiply_ mvlgamma_ nan_to_num_ ne_ neg_ negative_ nextafter_ normal_ not_equal_ polygamma_ pow_ put_ rad2deg_ random_ reciprocal_ " +
  "relu_ remainder_ renorm_ requires_grad_ resize_ resize_as_ resize_as_sparse_ round_ rsqrt_ scatter_ scatter_add_ scatter_reduce_ set_ sgn_ " +
  "share_memory_ sigmoid_ sign_ sin_ sinc_ sinh_ sparse_resize_ sparse_resize_and_clear_ sqrt_ square_ squeeze_ sub_ subtract_ swapaxes_ swapdims_ t_ tan_ " +
  "tanh_ transpose_ tril_ triu_ true_divide_ trunc_ uniform_ unsqueeze_ xlogy_ zero_";

export const TORCH = (): LibraryFacts => ({
  returns: [...constructors({
    torch: "Generator Size Tensor device enable_grad inference_mode no_grad set_grad_enabled",
    "torch.amp": "GradScaler autocast",
    "torch.nn": "Parameter",
    "torch.optim": "ASGD Adadelta Adafactor Adagrad Adam AdamW Adamax LBFGS Muon NAdam Optimizer RAdam RMSprop Rprop SGD SparseAdam",
    "torch.optim.lr_scheduler":
      "ChainedScheduler ConstantLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR ExponentialLR LRScheduler LambdaLR LinearLR MultiStepLR " +
      "MultiplicativeLR OneCycleLR PolynomialLR ReduceLROnPlateau SequentialLR StepLR",
    "torch.utils.data":
      "BatchSampler ChainDataset ConcatDataset DFIterDataPipe DataChunk DataLoader Dataset DistributedSampler IterDataPipe IterableDataset MapDataPipe " +
      "RandomSampler Sampler SequentialSampler StackDataset Subset SubsetRandomSampler TensorDataset WeightedRandomSampler",
  }), ...spread({
    torch: {
      "torch.Tensor": PURE_TORCH_0 + " " +
        "BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor bernoulli empty empty_like " +
        "empty_permuted empty_strided from_file get_rng_state multinomial normal poisson rand rand_like randint randint_like randn randn_like randperm unique",
      bool:
        "allclose are_deterministic_algorithms_enabled can_cast equal is_complex is_conj is_deterministic_algorithms_warn_only_enabled is_floating_point " +
        "is_grad_enabled is_inference is_inference_mode_enabled is_nonzero is_storage is_tensor is_warn_always_enabled set_flush_denormal",
      "tuple[torch.Tensor, torch.Tensor]": "aminmax cummax cummin frexp geqrf histogram kthvalue lobpcg mode qr slogdet sort std_mean topk triangular_solve var_mean",
      tuple: "chunk dsplit gradient hsplit meshgrid split tensor_split unbind unravel_index unsafe_chunk unsafe_split vsplit",
      "torch.device": "get_default_device",
      "torch.dtype": "get_default_dtype promote_types result_type",
      int: "get_deterministic_debug_mode get_num_interop_threads get_num_threads initial_seed numel seed",
      str: "get_float32_matmul_precision typename",
      "tuple[torch.Tensor, tuple]": "histogramdd",
      "tuple[torch.Tensor, torch.Tensor, torch.Tensor]": "lu_unpack pca_lowrank svd svd_lowrank",
      "torch.Generator": "manual_seed",
      None:
        "save set_default_device set_default_tensor_type set_deterministic_debug_mode set_float32_matmul_precision set_num_interop_threads set_num_threads " +
        "set_rng_state set_warn_always use_deterministic_algorithms",
    },
    "torch.Generator": {
      int: "initial_seed seed",
      "torch.Generator": "manual_seed",
    },
    "torch.Tensor": {
      "torch.Tensor": PURE_TORCH_TENSOR_0 + " " + CHANGING_TORCH_TENSOR_0 + " " + "bernoulli detach_ multinomial new_empty new_empty_strided refine_names",
      bool:
        "allclose equal is_coalesced is_complex is_conj is_contiguous is_distributed is_floating_point is_inference is_neg is_nonzero is_pinned is_same_size " +
        "is_set_to is_signed",
      "tuple[torch.Tensor, torch.Tensor]": "aminmax cummax cummin frexp geqrf histogram kthvalue mode qr slogdet sort topk triangular_solve",
      None: "backward record_stream retain_grad",
      tuple: "chunk dsplit hsplit split split_with_sizes stride tensor_split unbind unsafe_chunk unsafe_split unsafe_split_with_sizes vsplit",
      int: "data_ptr dense_dim dim element_size get_device ndimension nelement numel q_per_channel_axis q_zero_point sparse_dim",
      self: "new",
      "numpy.ndarray": "numpy",
      float: "q_scale",
      "torch.Size": "size",
      "tuple[torch.Tensor, torch.Tensor, torch.Tensor]": "svd",
    },
    "torch.accelerator": {
      "torch.device": "current_accelerator",
      int: "current_device_index device_count max_memory_allocated max_memory_reserved memory_allocated memory_reserved",
      None: "empty_cache empty_host_cache reset_accumulated_memory_stats reset_peak_memory_stats set_device_index set_stream synchronize",
      "dict[str, ?]": "get_device_capability",
      "tuple[int, int]": "get_memory_info",
      bool: "is_available",
    },
    "torch.cuda": {
      None:
        "caching_allocator_enable change_current_allocator check_error empty_cache manual_seed manual_seed_all reset_accumulated_host_memory_stats " +
        "reset_accumulated_memory_stats reset_max_memory_allocated reset_max_memory_cached reset_peak_host_memory_stats reset_peak_memory_stats seed seed_all " +
        "set_device set_per_process_memory_fraction set_rng_state set_rng_state_all set_sync_debug_mode synchronize",
      bool: "can_device_access_peer is_available is_current_stream_capturing is_tf32_supported",
      int:
        "clock_rate current_device device_count device_memory_used get_sync_debug_mode initial_seed max_memory_allocated max_memory_cached max_memory_reserved " +
        "memory_allocated memory_cached memory_reserved memory_usage power_draw temperature utilization",
      str: "get_allocator_backend get_device_name get_gencode_flags list_gpu_processes memory_summary",
      "list[str]": "get_arch_list",
      "tuple[int, int]": "get_device_capability mem_get_info",
      "?": "get_device_properties",
      float: "get_per_process_memory_fraction",
      "torch.Tensor": "get_rng_state",
      "list[torch.Tensor]": "get_rng_state_all",
      "dict[str, ?]": "host_memory_stats host_memory_stats_as_nested_dict memory_stats memory_stats_as_nested_dict",
    },
    "torch.fft": {
      "torch.Tensor": "fft fft2 fftfreq fftn fftshift hfft hfft2 hfftn ifft ifft2 ifftn ifftshift ihfft ihfft2 ihfftn irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn",
    },
    "torch.linalg": {
      "torch.Tensor": PURE_TORCH_LINALG_0,
    },
    "torch.nn.functional": {
      "torch.Tensor": PURE_TORCH_NN_FUNCTIONAL_0 + " " +
        "alpha_dropout batch_norm celu_ dropout dropout1d dropout2d dropout3d elu_ embedding embedding_bag feature_alpha_dropout fractional_max_pool2d " +
        "fractional_max_pool3d gumbel_softmax hardtanh_ instance_norm leaky_relu_ relu_ rrelu rrelu_ scaled_dot_product_attention selu_",
      "tuple[torch.Tensor, torch.Tensor]":
        "adaptive_max_pool1d_with_indices adaptive_max_pool2d_with_indices adaptive_max_pool3d_with_indices fractional_max_pool2d_with_indices " +
        "fractional_max_pool3d_with_indices max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices multi_head_attention_forward",
      None: "assert_int_or_pair",
    },
    "torch.nn.utils": {
      "torch.Tensor": "clip_grad_norm_",
      None: "clip_grad_value_",
    },
    "torch.optim.Optimizer": {
      None: "add_param_group load_state_dict zero_grad",
      "dict[str, ?]": "state_dict",
      "?": "step",
    },
    "torch.optim.lr_scheduler.LRScheduler": {
      "list[float]": "get_last_lr",
      None: "step",
    },
    "torch.optim.lr_scheduler.ReduceLROnPlateau": {
      None: "step",
    },
    "torch.special": {
      "torch.Tensor": PURE_TORCH_SPECIAL_0,
    },
    "torch.utils.data": {
      "list[torch.utils.data.Subset]": "random_split",
    },
  })],
  given: spread({
    "torch.Tensor": {
      "dim/0=int: tuple[torch.Tensor, torch.Tensor]": "max min",
      "dim/0: tuple[torch.Tensor, torch.Tensor]": "median nanmedian",
      "as_tuple: ?": "nonzero",
      "dim/0: int": "size stride",
      "return_inverse/1: tuple; return_counts/2: tuple": "unique",
    },
    torch: {
      "dim/1=int: tuple[torch.Tensor, torch.Tensor]": "max min",
      "dim/1: tuple[torch.Tensor, torch.Tensor]": "median nanmedian",
      "as_tuple: ?": "nonzero",
      "return_inverse/2: tuple; return_counts/3: tuple": "unique",
      "/2: torch.Tensor": "where",
    },
    "torch.nn.functional": {
      "return_indices/2: tuple[torch.Tensor, torch.Tensor]": "adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d",
      "return_indices/4: tuple[torch.Tensor, torch.Tensor]": "fractional_max_pool2d fractional_max_pool3d",
      "return_indices/6: tuple[torch.Tensor, torch.Tensor]": "max_pool1d max_pool2d max_pool3d",
    },
  }),
  attributes: spread({
    "torch.Tensor": {
      "torch.Tensor": "H T data grad imag mH mT real",
      "torch.device": "device",
      "torch.dtype": "dtype grad_dtype",
      bool:
        "is_cpu is_cuda is_ipu is_leaf is_maia is_meta is_mkldnn is_mps is_mtia is_nested is_quantized is_sparse is_sparse_csr is_vulkan is_xpu requires_grad " +
        "retains_grad",
      int: "itemsize nbytes ndim output_nr",
      "torch.Size": "shape",
    },
  }),
  bases: derived({
    "torch.Tensor": {
      torch: "BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor",
      "torch.nn": "Parameter",
    },
    "torch.optim.Adam": {
      "torch.optim": "AdamW",
    },
    "torch.optim.Optimizer": {
      "torch.optim": "ASGD Adadelta Adafactor Adagrad Adam Adamax LBFGS Muon NAdam RAdam RMSprop Rprop SGD SparseAdam",
    },
    "torch.optim.lr_scheduler.LRScheduler": {
      "torch.optim.lr_scheduler":
        "ChainedScheduler ConstantLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR ExponentialLR LambdaLR LinearLR MultiStepLR MultiplicativeLR " +
        "OneCycleLR PolynomialLR ReduceLROnPlateau SequentialLR StepLR",
    },
    "torch.utils.data.Dataset": {
      "torch.utils.data": "ConcatDataset IterableDataset MapDataPipe StackDataset Subset TensorDataset",
    },
    "torch.utils.data.IterDataPipe": {
      "torch.utils.data": "DFIterDataPipe",
    },
    "torch.utils.data.IterableDataset": {
      "torch.utils.data": "ChainDataset IterDataPipe",
    },
    "torch.utils.data.Sampler": {
      "torch.utils.data": "BatchSampler DistributedSampler RandomSampler SequentialSampler SubsetRandomSampler WeightedRandomSampler",
    },
  }),
  aliases: [...moved({
    torch: {
      "torch.autograd.grad_mode": "enable_grad inference_mode no_grad set_grad_enabled",
    },
    "torch.amp": {
      "torch.amp.autocast_mode": "autocast",
      "torch.amp.grad_scaler": "GradScaler",
    },
    "torch.nn": {
      "torch.nn.parameter": "Parameter",
    },
    "torch.optim": {
      "torch.optim.adadelta": "Adadelta",
      "torch.optim.adagrad": "Adagrad",
      "torch.optim.adam": "Adam",
      "torch.optim.adamax": "Adamax",
      "torch.optim.adamw": "AdamW",
      "torch.optim.asgd": "ASGD",
      "torch.optim.lbfgs": "LBFGS",
      "torch.optim.nadam": "NAdam",
      "torch.optim.optimizer": "Optimizer",
      "torch.optim.radam": "RAdam",
      "torch.optim.rmsprop": "RMSprop",
      "torch.optim.rprop": "Rprop",
      "torch.optim.sgd": "SGD",
      "torch.optim.sparse_adam": "SparseAdam",
    },
    "torch.utils.data": {
      "torch.utils.data.dataloader": "DataLoader",
      "torch.utils.data.datapipes.datapipe": "DFIterDataPipe DataChunk IterDataPipe MapDataPipe",
      "torch.utils.data.dataset": "ChainDataset ConcatDataset Dataset IterableDataset StackDataset Subset TensorDataset",
      "torch.utils.data.distributed": "DistributedSampler",
      "torch.utils.data.sampler": "BatchSampler RandomSampler Sampler SequentialSampler SubsetRandomSampler WeightedRandomSampler",
    },
  })],
  mutators: lists({
    "torch.Tensor": CHANGING_TORCH_TENSOR_0 + " " + "__setitem__ backward module_load register_hook register_post_accumulate_grad_hook retain_grad",
    "torch.optim.Optimizer": "add_param_group load_state_dict step zero_grad",
    "torch.optim.lr_scheduler.LRScheduler": "load_state_dict step",
  }),
  pure: members({
    torch: PURE_TORCH_0 + " " +
      "allclose aminmax atleast_1d atleast_2d atleast_3d broadcast_shapes broadcast_tensors can_cast chain_matmul chunk cummax cummin dequantize dsplit equal " +
      "frexp geqrf gradient histogram histogramdd hsplit is_complex is_conj is_floating_point is_inference is_nonzero kthvalue lu_unpack meshgrid mode numel " +
      "pca_lowrank promote_types qr quantize_per_tensor result_type slogdet sort split split_copy split_with_sizes_copy std_mean svd svd_lowrank tensor_split " +
      "topk triangular_solve unbind unbind_copy unravel_index unsafe_chunk unsafe_split var_mean vsplit where",
    "torch.Tensor": PURE_TORCH_TENSOR_0 + " " +
      "allclose aminmax chunk cummax cummin dense_dim dim dim_order dsplit eig element_size equal frexp geqrf get_device histogram hsplit index is_coalesced " +
      "is_complex is_conj is_contiguous is_distributed is_floating_point is_inference is_neg is_nonzero is_pinned is_same_size is_set_to is_shared is_signed " +
      "item kthvalue lstsq lu mode ndimension nelement numel numpy q_per_channel_axis q_scale q_zero_point qr qscheme size slogdet solve sort sparse_dim split " +
      "split_with_sizes storage_offset stride svd symeig tensor_split to_sparse_coo tolist topk triangular_solve type unbind unique_consecutive unsafe_chunk " +
      "unsafe_split unsafe_split_with_sizes vsplit",
    "torch.fft": "fft fft2 fftfreq fftn fftshift hfft hfft2 hfftn ifft ifft2 ifftn ifftshift ihfft ihfft2 ihfftn irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn",
    "torch.linalg": PURE_TORCH_LINALG_0,
    "torch.nn.functional": PURE_TORCH_NN_FUNCTIONAL_0 + " " +
      "adaptive_max_pool1d_with_indices adaptive_max_pool2d_with_indices adaptive_max_pool3d_with_indices fractional_max_pool2d_with_indices " +
      "fractional_max_pool3d_with_indices max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices",
    "torch.special": PURE_TORCH_SPECIAL_0,
  }),
  blocking: waiting({
    torch: "load save",
    "torch.hub": "download_url_to_file load load_state_dict_from_url",
    "torch.jit": "load save",
  }),
});
