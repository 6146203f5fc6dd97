"""Writes analysis/knowledge/generated/*.generated.ts and libraries.generated.ts from the stubs that the libraries ship.

Last run on Python 3.11 with numpy 2.4.6, pandas 3.1.1, pandas-stubs 3.1.0.261029 and torch 2.13.0+cpu:

    python -m venv venv
    venv/bin/pip install numpy==2.4.6 pandas==3.1.1 pandas-stubs==3.1.0.261029 torch==2.13.0
    venv/bin/python scripts/knowledge.py

The libraries are read, not imported. What no stub says (which methods change their object, what is random, what older versions had)
stands below.
"""

from __future__ import annotations

import json
import re
import sysconfig
from importlib.metadata import version
from pathlib import Path

from knowledge_stubs import UNKNOWN, Place, Stubs
from knowledge_tables import Facts, Reader, typescript

SITE = Path(sysconfig.get_paths()["purelib"])
TARGET = Path(__file__).parent.parent / "analysis" / "knowledge"
HAND_KEPT = {"TENSORFLOW": "tensorflow", "SKLEARN": "sklearn", "POLARS": "polars", "MODELS": "models"}
"""Facts about libraries that ship no stubs, each in a file of its own."""
LIBRARIES = {("numpy",): ["NUMPY"], ("pandas",): ["PANDAS"], ("torch",): ["TORCH", "TORCH_LAYERS"], ("tensorflow", "keras"): ["TENSORFLOW"], ("sklearn",): ["SKLEARN"], ("polars",): ["POLARS"], ("transformers", "torchvision"): ["MODELS"]}
"""By what their names begin with: the constants that hold their facts."""


def words(text: str) -> list[str]:
    return text.split()


def without(names: list[str], *unwanted: str) -> list[str]:
    """The names that no word of the lists names."""
    return sorted(set(names) - {it for each in unwanted for it in words(each)})


def numpy() -> Facts:
    facts = Facts("NUMPY", "NumPy", f"numpy {version('numpy')}", {
        # Lists before NumPy 2, tuples since.
        **dict.fromkeys(["numpy.meshgrid", "numpy.broadcast_arrays", "numpy.atleast_1d", "numpy.atleast_2d", "numpy.atleast_3d"], UNKNOWN),
        # One number where both sides have one dimension, or one key is given.
        **dict.fromkeys(["numpy.lexsort", "numpy.linalg.matmul", "numpy.polyval", "numpy.kron"], UNKNOWN),
        # Whatever the function that is handed over gives, or whatever object a view is of.
        **dict.fromkeys(["numpy.apply_along_axis", "numpy.apply_over_axes", "numpy.piecewise", "numpy.ndarray.base"], UNKNOWN),
        # A number only for an array without dimensions, which NumPy code next to never asks for its list.
        "numpy.ndarray.tolist": "list",
    })
    reader = Reader(Stubs(SITE / "numpy", "numpy"), facts)
    reader.publish("numpy", words("ndarray dtype matrix recarray memmap"))
    reader.publish("numpy.random", words("Generator RandomState"))
    functions = reader.functions("numpy")
    algebra, fourier = reader.functions("numpy.linalg"), reader.functions("numpy.fft")
    reader.functions("numpy.random")
    facts.returns["numpy.lib.stride_tricks.sliding_window_view"] = "numpy.ndarray"
    facts.aliases["numpy.typing.NDArray"] = "numpy.ndarray"
    facts.returns["numpy.in1d"] = "numpy.ndarray"
    methods = reader.cls("numpy", "ndarray")
    for name in words("matrix recarray memmap"):
        reader.base_of("numpy", name)
    for name in words("Generator RandomState"):
        reader.cls("numpy.random", name)
    # These hand the call to a method of the argument where it has one, so a Series gives a Series: checked by calling all of them.
    echoing = "argpartition argsort argwhere compress cumprod cumsum delete diagflat ediff1d flip insert permute_dims repeat rollaxis swapaxes transpose"
    # These give a number for a number.
    yielding = "around clip round nan_to_num real imag angle fix sinc isclose isreal iscomplex isneginf isposinf interp digitize diff"
    for name in words(echoing):
        del facts.returns[f"numpy.{name}"]
    for name in words(f"{echoing} {yielding}"):
        facts.given[f"numpy.{name}"] = "/0: same[numpy.ndarray]"
    for name in reader.ufuncs("numpy"):
        facts.given[f"numpy.{name}"] = "/0: same[numpy.ndarray, pandas.Series, pandas.DataFrame]"
    facts.mutators["numpy.ndarray"] = words("byteswap fill itemset partition put resize setfield setflags sort __setitem__ __delitem__")
    files = "fromfile fromregex genfromtxt load loadtxt save savetxt savez savez_compressed"
    facts.blocking = {"numpy": words(files), "numpy.ndarray": words("dump tofile")}
    settings = "getbufsize geterr geterrcall get_printoptions printoptions set_printoptions setbufsize seterr seterrcall"
    changing = "copyto fill_diagonal place put put_along_axis putmask nested_iters"
    calling = "apply_along_axis apply_over_axes frompyfunc fromfunction fromiter piecewise"
    facts.pure = {
        "numpy": without(functions, files, settings, changing, calling, "empty empty_like get_include test info show_config show_runtime"),
        "numpy.linalg": algebra,
        "numpy.fft": fourier,
        "numpy.ndarray": without(methods, *facts.mutators["numpy.ndarray"], "dump tofile"),
    }
    return facts


PANDAS_FILES = "to_clipboard to_csv to_excel to_feather to_hdf to_html to_iceberg to_json to_latex to_markdown to_orc to_parquet to_pickle to_sql to_stata to_string to_xml info plot hist boxplot"
PANDAS_CALLING = "agg aggregate apply applymap assign combine filter map pipe transform groupby resample rolling expanding ewm query eval case_when"
PANDAS_CHANGING = "insert isetitem pop update"
PANDAS_PASSING = "sample items iterrows itertuples"
"""Random, or an iterator that is used up after one pass."""


def pandas() -> Facts:
    facts = Facts("PANDAS", "pandas", f"pandas {version('pandas')} and pandas-stubs {version('pandas-stubs')}", {
        # The Python type of the values is whatever the file or column holds.
        **dict.fromkeys([f"pandas.{it}.{name}" for it in ("Series", "Index") for name in ("item", "values")], UNKNOWN),
        **{f"pandas.{it}.{name}": "list" for it in ("Series", "Index") for name in ("tolist", "to_list")},
        # The stubs differ from what these give when they run.
        **{f"pandas.{it}.{name}": "numpy.ndarray" for it in ("Index", "DatetimeIndex") for name in ("isna", "notna")},
        "pandas.Series.divmod": "tuple[pandas.Series, pandas.Series]", "pandas.Series.rdivmod": "tuple[pandas.Series, pandas.Series]", "pandas.Series.to_period": "pandas.Series",
        # A frame only with as_index=False, of which nothing is said.
        "pandas.DataFrameGroupBy.size": "pandas.Series",
        # One value or several, by the function or key that is handed over.
        **dict.fromkeys(["pandas.DataFrame.asof", "pandas.Series.apply", "pandas.Series.xs", "pandas.DataFrameGroupBy.transform", "pandas.Series.rename", "pandas.SeriesGroupBy.apply", "pandas.SeriesGroupBy.hist", "pandas.DataFrameGroupBy.hist", "pandas.DataFrame.Name"], UNKNOWN),
    }, untold={"inplace", "as_index"})
    reader = Reader(Stubs(SITE / "pandas-stubs", "pandas"), facts)
    reader.publish("pandas")
    reader.publish("pandas.api.typing", known_as="pandas")
    public = reader.stubs.public
    public["pandas.core.strings.accessor.SeriesStringMethods"] = "pandas.StringMethods"
    public["pandas.core.indexes.accessors.CombinedDatetimelikeProperties"] = "pandas.DatetimeProperties"
    public["pandas.core.arrays.categorical.CategoricalAccessor"] = "pandas.CategoricalAccessor"
    functions = reader.functions("pandas")
    frame, series, index = (reader.cls("pandas", name) for name in words("DataFrame Series Index"))
    for name in words("DatetimeIndex Timestamp Timedelta"):
        reader.cls("pandas", name)
    for name in words("MultiIndex RangeIndex CategoricalIndex IntervalIndex PeriodIndex TimedeltaIndex"):
        reader.base_of("pandas", name)
    facts.bases |= {"pandas.Timestamp": ["datetime.datetime"], "pandas.Timedelta": ["datetime.timedelta"]}
    for kind in ("DataFrame", "Series"):
        reader.stubs.bound = {"NDFrameT": f"pandas.{kind}"}
        reader.cls("pandas.core.groupby", f"{kind}GroupBy")
    reader.stubs.bound = {}
    texts = accessors(reader)
    older(facts)
    for name in words("to_datetime to_numeric to_timedelta cut"):
        facts.given[f"pandas.{name}"] = "/0: same[pandas.Series]"
    for name in words("isna isnull notna notnull"):
        facts.given[f"pandas.{name}"] = "/0: same[pandas.DataFrame, pandas.Series, numpy.ndarray]"
    facts.returns["pandas.DataFrame.to_dict"], facts.given["pandas.DataFrame.to_dict"] = "dict", "orient/0: ?"
    # Frame by frame where a `chunksize` is a number: see semantics/constructors.ts.
    facts.given |= {f"pandas.{it}": "chunksize: ?" for it in words("read_sql read_sql_query read_sql_table")}
    facts.given["pandas.read_json"] = "chunksize: ?; typ: ?"
    facts.returns |= {"pandas.TextFileReader.get_chunk": "pandas.DataFrame", "pandas.TextFileReader.read": "pandas.DataFrame", "pandas.TextFileReader.close": "None", "pandas.JsonReader.read": "pandas.DataFrame", "pandas.JsonReader.close": "None"}
    facts.given["pandas.concat"] = "axis: ?; /0: element[pandas.DataFrame, pandas.Series]"
    facts.mutators = {
        "pandas.DataFrame": words(f"{PANDAS_CHANGING} __setitem__ __delitem__"),
        "pandas.Series": words("pop update __setitem__ __delitem__"),
        **{it: [] for it in ("pandas.Index", *(name for name, bases in facts.bases.items() if bases == ["pandas.Index"]), "pandas.StringMethods", "pandas.DatetimeProperties", "pandas.Timestamp", "pandas.Timedelta")},
    }
    facts.pure = {
        "pandas": [it for it in without(functions, "eval infer_freq describe_option get_option set_option reset_option set_eng_float_format show_versions col") if not it.startswith("read_")],
        "pandas.DataFrame": without(frame, PANDAS_FILES, PANDAS_CALLING, PANDAS_CHANGING, PANDAS_PASSING),
        "pandas.Series": without(series, PANDAS_FILES, PANDAS_CALLING, PANDAS_CHANGING, PANDAS_PASSING),
        "pandas.Index": without(index, "map putmask view"),
        "pandas.StringMethods": without(texts, "replace"),
    }
    facts.blocking = {
        "pandas": [it for it in functions if it.startswith("read_") and it != "read_clipboard"],
        **{f"pandas.{it}": words("to_csv to_excel to_feather to_hdf to_json to_orc to_parquet to_pickle to_sql to_stata to_xml") for it in ("DataFrame", "Series")},
    }
    return facts


def accessors(reader: Reader) -> list[str]:
    """`series.str` and `series.dt`; the methods of the first."""
    facts = reader.facts
    facts.attributes |= {"pandas.Series.str": "pandas.StringMethods", "pandas.Series.dt": "pandas.DatetimeProperties", "pandas.Series.cat": "pandas.CategoricalAccessor"}
    texts = reader.cls("pandas.core.strings.accessor", "SeriesStringMethods")
    for name in words("extract partition rpartition split rsplit"):
        facts.given[f"pandas.StringMethods.{name}"] = "expand: ?"
    fields = words("year month day hour minute second microsecond nanosecond date time timetz dayofweek day_of_week weekday dayofyear day_of_year quarter days_in_month daysinmonth "
                   "is_month_start is_month_end is_quarter_start is_quarter_end is_year_start is_year_end is_leap_year days seconds microseconds nanoseconds")
    methods = words("to_period tz_localize tz_convert normalize strftime month_name day_name round floor ceil as_unit total_seconds")
    facts.attributes |= {f"pandas.DatetimeProperties.{it}": "pandas.Series" for it in fields}
    facts.returns |= {f"pandas.DatetimeProperties.{it}": "pandas.Series" for it in methods} | {"pandas.DatetimeProperties.isocalendar": "pandas.DataFrame"}
    facts.attributes |= {"pandas.CategoricalAccessor.categories": "pandas.Index", "pandas.CategoricalAccessor.codes": "pandas.Series", "pandas.CategoricalAccessor.ordered": "bool"}
    facts.returns |= {f"pandas.CategoricalAccessor.{it}_categories": "pandas.Series" for it in words("rename reorder add remove set")}
    facts.returns |= {f"pandas.CategoricalAccessor.{it}": "pandas.Series" for it in words("remove_unused_categories as_ordered as_unordered")}
    return texts


def older(facts: Facts) -> None:
    """Methods that the newest pandas has no more and much code still calls."""
    for owner in ("pandas.DataFrame", "pandas.Series"):
        facts.returns |= {f"{owner}.{it}": "self" for it in words("append pad backfill swapaxes first last tshift slice_shift")}
    facts.returns |= {"pandas.DataFrame.applymap": "self", "pandas.DataFrame.mad": "pandas.Series", "pandas.DataFrame.iteritems": "iterator[tuple[?, pandas.Series]]", "pandas.Series.ravel": "numpy.ndarray"}


RANDOM = "bernoulli dropout alpha_dropout feature_alpha_dropout feature_dropout multinomial normal poisson binomial rand rand_like randint randint_like randn randn_like randperm rrelu empty empty_like empty_strided empty_permuted empty_quantized"
RANDOM_LAYERS = "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout gumbel_softmax rrelu rrelu_ fractional_max_pool2d fractional_max_pool3d scaled_dot_product_attention multi_head_attention_forward batch_norm instance_norm embedding embedding_bag"


def torch() -> Facts:
    facts = Facts("TORCH", "PyTorch", f"torch {version('torch')}", {
        # A number for a tensor without dimensions, which losses and sums are.
        "torch.Tensor.tolist": UNKNOWN,
        # Annotated with None, or None at run time.
        **dict.fromkeys(["torch.split_copy", "torch.split_with_sizes_copy", "torch.unbind_copy", "torch.thread_safe_generator"], UNKNOWN),
    })
    reader = Reader(Stubs(SITE / "torch", "torch"), facts)
    reader.publish("torch", ["Tensor"])
    reader.publish("torch._C", words("device Generator Size dtype"), known_as="torch")
    reader.publish("torch.nn.parameter", ["Parameter"], known_as="torch.nn")
    reader.publish("torch.autograd.grad_mode", words("no_grad enable_grad set_grad_enabled inference_mode"), known_as="torch")
    reader.publish("torch.amp", words("autocast GradScaler"))
    reader.publish("torch.utils.data", [it for it in reader.exported(reader.module("torch.utils.data")) if it[0].isupper()])
    reader.publish("torch.optim")
    reader.publish("torch.optim.lr_scheduler")
    functions = {*reader.functions("torch._C._VariableFunctions", "torch", documented=True), *reader.functions("torch.functional", "torch")}
    reader.functions("torch")
    reader.functions("torch.cuda")
    reader.functions("torch.accelerator")
    layers = reader.functions("torch.nn.functional")
    told = {area: reader.told_in_docs(f"torch.{area}", "torch.Tensor") for area in words("linalg fft special")}
    facts.returns |= {f"torch.{name}": f"torch.{name}" for name in words("device Generator Size no_grad enable_grad set_grad_enabled inference_mode amp.autocast amp.GradScaler")}
    facts.returns |= {f"torch.{kind}Tensor": "torch.Tensor" for kind in words("Float Double Half BFloat16 Byte Char Short Int Long Bool")}
    methods = reader.cls("torch", "Tensor")
    facts.bases |= {f"torch.{it}": ["torch.Tensor"] for it in words("nn.Parameter FloatTensor DoubleTensor HalfTensor BFloat16Tensor ByteTensor CharTensor ShortTensor IntTensor LongTensor BoolTensor")}
    facts.returns["torch.nn.Parameter"] = "torch.nn.Parameter"
    # Without annotations in the stubs.
    facts.returns |= {f"torch.Tensor.{it}": "torch.Tensor" for it in words("detach detach_ norm nonzero unflatten share_memory_ refine_names stft istft")}
    facts.returns |= {"torch.Tensor.split": "tuple", "torch.Tensor.backward": "None", "torch.nonzero": "torch.Tensor", "torch.norm": "torch.Tensor", "torch.cdist": "torch.Tensor", "torch.block_diag": "torch.Tensor", "torch.tensordot": "torch.Tensor"}
    facts.returns |= {"torch.unique": "torch.Tensor", "torch.Tensor.unique": "torch.Tensor"}
    facts.given |= {f"torch.{it}nonzero": "as_tuple: ?" for it in ("", "Tensor.")} | {"torch.where": "/2: torch.Tensor"}
    facts.given |= {"torch.unique": "return_inverse/2: tuple; return_counts/3: tuple", "torch.Tensor.unique": "return_inverse/1: tuple; return_counts/2: tuple"}
    for module in words("torch.utils.data torch.optim torch.optim.lr_scheduler"):
        for name in reader.classes(module):
            reader.base_of(module, name)
            facts.returns[f"{module}.{name}"] = f"{module}.{name}"
    facts.returns["torch.utils.data.random_split"] = "list[torch.utils.data.Subset]"
    reader.cls("torch.optim", "Optimizer")
    facts.returns |= {"torch.optim.Optimizer.step": UNKNOWN, "torch.optim.Optimizer.zero_grad": "None", "torch.optim.lr_scheduler.LRScheduler.step": "None", "torch.optim.lr_scheduler.ReduceLROnPlateau.step": "None", "torch.optim.lr_scheduler.LRScheduler.get_last_lr": "list[float]", "torch.Generator.manual_seed": "torch.Generator", "torch.Generator.seed": "int", "torch.Generator.initial_seed": "int"}
    facts.returns |= {"torch.nn.utils.clip_grad_norm_": "torch.Tensor", "torch.nn.utils.clip_grad_value_": "None", "torch.cuda.get_device_properties": UNKNOWN}
    facts.mutators["torch.optim.Optimizer"] = words("step zero_grad add_param_group load_state_dict")
    facts.mutators["torch.optim.lr_scheduler.LRScheduler"] = words("step load_state_dict")
    in_place = [it for it in methods if it.endswith("_") and not it.endswith("__")]
    changing = "backward retain_grad register_hook register_post_accumulate_grad_hook module_load"
    facts.mutators["torch.Tensor"] = [*in_place, *words(changing), "__setitem__"]
    facts.pure = {
        "torch": [it for it in without(list(functions), RANDOM, "from_file is_grad_enabled is_inference_mode_enabled manual_seed seed initial_seed save load") if not re.match(r".*_$|[gs]et_", it)],
        "torch.nn.functional": [it for it in without(layers, RANDOM_LAYERS, "assert_int_or_pair") if not it.endswith("_")],
        **{f"torch.{area}": names for area, names in told.items()},
        "torch.Tensor": without([*methods, "detach"], " ".join(in_place), changing, "apply_ map_ map2_ bernoulli multinomial new_empty new_empty_strided share_memory storage untyped_storage storage_type data_ptr new record_stream reinforce resize resize_as"),
    }
    facts.blocking = {"torch": words("load save"), "torch.jit": words("load save"), "torch.hub": words("load download_url_to_file load_state_dict_from_url")}
    return facts


def layers() -> Facts:
    facts = Facts("TORCH_LAYERS", "PyTorch's layers and losses", f"torch {version('torch')}", {})
    stubs = Stubs(SITE / "torch", "torch")
    reader = Reader(stubs, facts)
    stubs.public["torch._tensor.Tensor"] = "torch.Tensor"
    stubs.public["torch.nn.parameter.Parameter"] = "torch.nn.Parameter"
    reader.publish("torch.nn.modules.module", ["Module"], known_as="torch.nn")
    reader.publish("torch.nn.modules", known_as="torch.nn")
    facts.aliases = {path: public for path, public in facts.aliases.items() if path.rpartition(".")[0] != "torch.nn.modules"}
    reader.publish("torch.nn.parallel", words("DataParallel DistributedDataParallel"))
    stubs.public["torch.nn.modules.loss._Loss"] = "torch.nn.modules.loss._Loss"
    reader.cls("torch.nn.modules.module", "Module")
    for module, names in {"torch.nn.modules": reader.classes("torch.nn.modules"), "torch.nn.parallel": words("DataParallel DistributedDataParallel")}.items():
        for name in names:
            owner = reader.base_of(module, name)
            facts.returns[owner] = owner
            place = stubs.find(reader.module(module), name)
            forward = reader.method(place if isinstance(place, Place) else None, "forward")
            if forward and owner != "torch.nn.Module":
                reader.note(f"{owner}.__call__", forward)
    facts.returns["torch.nn.Module.state_dict"] = "dict"
    facts.bases["torch.nn.modules.loss._Loss"] = ["torch.nn.Module"]
    facts.aliases |= {"torch.nn.DataParallel": "torch.nn.parallel.DataParallel", "torch.nn.parallel.distributed.DistributedDataParallel": "torch.nn.parallel.DistributedDataParallel"}
    changing = "add_module apply bfloat16 compile cpu cuda double eval float half ipu load_state_dict mtia register_backward_hook register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook register_module register_parameter requires_grad_ set_extra_state set_submodule share_memory to to_empty train type xpu zero_grad"
    facts.mutators["torch.nn.Module"] = words(changing)
    return facts


def main() -> None:
    (TARGET / "generated").mkdir(exist_ok=True)
    tables = {"numpy": numpy(), "pandas": pandas(), "torch": torch(), "torch-layers": layers()}
    for name, facts in tables.items():
        (TARGET / "generated" / f"{name}.generated.ts").write_text(typescript(facts), "utf-8")
    imports = {**{facts.constant: f"generated/{name}.generated" for name, facts in tables.items()}, **HAND_KEPT}
    entries = [f'  {{ roots: [{", ".join(json.dumps(it) for it in roots)}], facts: [{", ".join(constants)}] }},' for roots, constants in LIBRARIES.items()]
    lines = [f'import {{ {constant} }} from "./{path}.js";' for constant, path in sorted(imports.items(), key=lambda it: it[1])]
    text = "/** The libraries whose facts are made when they are first asked for. Written by scripts/knowledge.py. */\n\n"
    text += "\n".join([*lines, 'import type { Library } from "./library.js";', "", "export const LIBRARIES: readonly Library[] = [", *entries, "];", ""])
    (TARGET / "libraries.generated.ts").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
