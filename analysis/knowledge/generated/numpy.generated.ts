/** NumPy, read from numpy 2.4.6 by scripts/knowledge.py; change that, not this. */

import type { LibraryFacts } from "../library.js";
import { constructors, derived, lists, members, moved, spread, waiting } from "../table.js";

// Names that stand in two tables.
const PURE_NUMPY_0 =
  "append arange array asanyarray asarray asarray_chkfinite ascontiguousarray asfortranarray astype bartlett bincount blackman block broadcast_to " +
  "column_stack concat concatenate convolve copy correlate cov cross cumulative_prod cumulative_sum diag diagonal dstack expand_dims extract eye " +
  "flatnonzero fliplr flipud from_dlpack frombuffer fromstring full full_like geomspace hamming hanning histogram_bin_edges hstack i0 identity indices " +
  "intersect1d isin kaiser linspace logspace matrix_transpose moveaxis nancumprod nancumsum ones ones_like outer packbits pad partition poly polyfit ravel " +
  "real_if_close require reshape resize roll roots rot90 row_stack select setdiff1d setxor1d sort sort_complex stack take_along_axis tensordot tile tri " +
  "tril triu union1d unique unique_values unpackbits unwrap vander vstack zeros zeros_like";
const PURE_NUMPY_1 =
  "abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh bitwise_and bitwise_count bitwise_invert " +
  "bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor cbrt ceil conj conjugate copysign cos cosh deg2rad degrees divide equal exp " +
  "exp2 expm1 fabs float_power floor floor_divide fmax fmin fmod gcd greater greater_equal heaviside hypot invert isfinite isinf isnan isnat lcm ldexp " +
  "left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor maximum minimum mod multiply " +
  "negative nextafter not_equal positive pow power rad2deg radians reciprocal remainder right_shift rint sign signbit sin sinh spacing sqrt square " +
  "subtract tan tanh true_divide trunc";
const PURE_NUMPY_2 =
  "angle argpartition argsort argwhere around clip compress cumprod cumsum delete diagflat diff digitize ediff1d fix flip imag insert interp isclose " +
  "iscomplex isneginf isposinf isreal nan_to_num permute_dims real repeat rollaxis round sinc swapaxes transpose";

export const NUMPY = (): LibraryFacts => ({
  returns: [...constructors({
    numpy: "dtype matrix memmap ndarray recarray",
    "numpy.random": "Generator RandomState",
  }), ...spread({
    numpy: {
      bool: "allclose array_equal array_equiv can_cast iscomplexobj isdtype isfortran isrealobj isscalar issubdtype iterable may_share_memory shares_memory test",
      "numpy.ndarray": PURE_NUMPY_0 + " " + "empty empty_like fromfile fromiter fromregex genfromtxt in1d loadtxt",
      str: "array2string array_repr array_str base_repr binary_repr format_float_positional format_float_scientific mintypecode typename",
      "list[numpy.ndarray]": "array_split dsplit hsplit split vsplit",
      "numpy.matrix": "asmatrix bmat",
      tuple: "broadcast_shapes diag_indices diag_indices_from divmod frexp ix_ modf nested_iters nonzero polydiv shape unravel_index unstack where",
      None: "copyto fill_diagonal info place put put_along_axis putmask save savetxt savez savez_compressed set_printoptions show_runtime",
      "tuple[str, int]": "datetime_data",
      "tuple[list, str]": "einsum_path",
      int: "getbufsize ndim setbufsize size",
      "tuple[numpy.ndarray, numpy.ndarray]": "histogram mask_indices tril_indices tril_indices_from triu_indices triu_indices_from",
      "tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]": "histogram2d",
      "tuple[numpy.ndarray, tuple]": "histogramdd",
      "numpy.dtype": "min_scalar_type promote_types result_type",
    },
    "numpy.fft": {
      "numpy.ndarray": "fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn",
    },
    "numpy.lib.stride_tricks": {
      "numpy.ndarray": "sliding_window_view",
    },
    "numpy.linalg": {
      "numpy.ndarray": "cholesky cross diagonal eigvals eigvalsh inv matrix_power matrix_transpose outer pinv solve svdvals tensordot tensorinv tensorsolve",
      "tuple[numpy.ndarray, numpy.ndarray, ?, numpy.ndarray]": "lstsq",
    },
    "numpy.ndarray": {
      "numpy.ndarray": "argpartition argsort astype choose clip compress cumprod cumsum diagonal flatten getfield ravel repeat reshape round squeeze view",
      self: "byteswap conj conjugate copy swapaxes to_device transpose",
      None: "dump fill partition put resize setfield setflags sort tofile",
      bytes: "dumps tobytes",
      tuple: "nonzero",
      list: "tolist",
    },
    "numpy.random.Generator": {
      bytes: "bytes",
      "numpy.ndarray": "dirichlet multinomial multivariate_hypergeometric multivariate_normal permutation permuted",
      None: "shuffle",
      "list[numpy.random.Generator]": "spawn",
    },
    "numpy.random.RandomState": {
      bytes: "bytes",
      "numpy.ndarray": "dirichlet multinomial multivariate_normal permutation",
      float: "random random_sample standard_exponential",
      None: "seed set_state shuffle",
      int: "tomaxint",
    },
    "numpy.random": {
      bytes: "bytes",
      "numpy.random.Generator": "default_rng",
      "numpy.ndarray": "dirichlet multinomial multivariate_normal permutation",
      float: "random random_sample ranf sample standard_exponential",
      None: "seed set_state shuffle",
    },
  })],
  given: spread({
    numpy: {
      "/0: same[numpy.ndarray, pandas.Series, pandas.DataFrame]": PURE_NUMPY_1,
      "/0: same[numpy.ndarray]": PURE_NUMPY_2,
      "returned: tuple": "average",
      "sparse/2: tuple": "indices",
      "return_indices/3: tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]": "intersect1d",
      "retstep: tuple[numpy.ndarray, ?]": "linspace",
      "full/4: tuple[?, numpy.ndarray, numpy.ndarray, numpy.ndarray, numpy.ndarray]; cov: tuple[numpy.ndarray]": "polyfit",
      "return_index/1: tuple[numpy.ndarray, numpy.ndarray]; return_inverse: tuple[numpy.ndarray, numpy.ndarray]; return_counts: tuple[numpy.ndarray, numpy.ndarray]": "unique",
      "y/2: numpy.ndarray": "where",
    },
    "numpy.random.Generator": {
      "size/2: numpy.ndarray": "beta binomial f gamma gumbel integers laplace logistic lognormal negative_binomial noncentral_chisquare normal uniform vonmises wald",
      "size/1: numpy.ndarray": "chisquare choice exponential geometric logseries pareto poisson power rayleigh standard_gamma standard_t weibull zipf",
      "size/3: numpy.ndarray": "hypergeometric noncentral_f triangular",
      "size/0: numpy.ndarray": "random standard_cauchy standard_exponential standard_normal",
    },
    "numpy.random.RandomState": {
      "size/2: numpy.ndarray": "beta binomial f gamma gumbel laplace logistic lognormal negative_binomial noncentral_chisquare normal randint random_integers uniform vonmises wald",
      "size/1: numpy.ndarray": "chisquare choice exponential geometric logseries pareto poisson power rayleigh standard_gamma standard_t weibull zipf",
      "size/3: numpy.ndarray": "hypergeometric noncentral_f triangular",
      "/0: numpy.ndarray": "rand randn",
      "size/0: numpy.ndarray": "random random_sample standard_cauchy standard_exponential standard_normal tomaxint",
    },
    "numpy.random": {
      "size/2: numpy.ndarray": "beta binomial f gamma gumbel laplace logistic lognormal negative_binomial noncentral_chisquare normal randint random_integers uniform vonmises wald",
      "size/1: numpy.ndarray": "chisquare choice exponential geometric logseries pareto poisson power rayleigh standard_gamma standard_t weibull zipf",
      "size/3: numpy.ndarray": "hypergeometric noncentral_f triangular",
      "/0: numpy.ndarray": "rand randn",
      "size/0: numpy.ndarray": "random random_sample ranf sample standard_cauchy standard_exponential standard_normal",
    },
  }),
  attributes: spread({
    "numpy.ndarray": {
      self: "T mT",
      memoryview: "data",
      str: "device",
      "numpy.dtype": "dtype",
      "numpy.ndarray": "imag real",
      int: "itemsize nbytes ndim size",
      tuple: "shape strides",
    },
  }),
  bases: derived({
    "numpy.ndarray": {
      numpy: "matrix memmap recarray",
    },
  }),
  aliases: [...Object.entries({ "numpy.typing.NDArray": "numpy.ndarray" }), ...moved({
    numpy: {
      "numpy.matrixlib.defmatrix": "matrix",
    },
    "numpy.random": {
      "numpy.random.mtrand": "RandomState",
    },
  })],
  mutators: lists({
    "numpy.ndarray": "__delitem__ __setitem__ byteswap fill itemset partition put resize setfield setflags sort",
  }),
  pure: members({
    numpy: PURE_NUMPY_0 + " " + PURE_NUMPY_1 + " " + PURE_NUMPY_2 + " " +
      "all allclose amax amin any argmax argmin array2string array_equal array_equiv array_repr array_split array_str asmatrix atleast_1d atleast_2d " +
      "atleast_3d average base_repr binary_repr bmat broadcast_arrays broadcast_shapes busday_count busday_offset can_cast choose common_type corrcoef " +
      "count_nonzero datetime_as_string datetime_data diag_indices diag_indices_from divmod dot dsplit einsum einsum_path format_float_positional " +
      "format_float_scientific frexp gradient histogram histogram2d histogramdd hsplit inner is_busday iscomplexobj isdtype isfortran isrealobj isscalar " +
      "issubdtype iterable ix_ kron lexsort mask_indices matmul matvec max may_share_memory mean median meshgrid min min_scalar_type mintypecode modf " +
      "nanargmax nanargmin nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar ndim nonzero percentile polyadd polyder " +
      "polydiv polyint polymul polysub polyval prod promote_types ptp quantile ravel_multi_index result_type searchsorted shape shares_memory size split " +
      "squeeze std sum take trace trapezoid tril_indices tril_indices_from trim_zeros triu_indices triu_indices_from typename unique_all unique_counts " +
      "unique_inverse unravel_index unstack var vdot vecdot vecmat vsplit where",
    "numpy.fft": "fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn",
    "numpy.linalg":
      "cholesky cond cross det diagonal eig eigh eigvals eigvalsh inv lstsq matmul matrix_norm matrix_power matrix_rank matrix_transpose multi_dot norm outer " +
      "pinv qr slogdet solve svd svdvals tensordot tensorinv tensorsolve trace vecdot vector_norm",
    "numpy.ndarray":
      "all any argmax argmin argpartition argsort astype choose clip compress conj conjugate copy cumprod cumsum diagonal dot dumps flatten getfield item max " +
      "mean min nonzero prod ravel repeat reshape round searchsorted squeeze std sum swapaxes take to_device tobytes tolist trace transpose var view",
  }),
  blocking: waiting({
    numpy: "fromfile fromregex genfromtxt load loadtxt save savetxt savez savez_compressed",
    "numpy.ndarray": "dump tofile",
  }),
});
