"""Looks up in released wheels what the tables of analysis/knowledge/removed say: that each thing was there, and since which release it is not.

    python scripts/removed.py FOLDER [--write] [TABLE ...]

FOLDER holds unpacked wheels by distribution and version (`numpy-1.26.4/numpy/__init__.py`); nothing of them is run, their sources are read. Get one with
`pip download --no-deps --only-binary=:all: --python-version 39 numpy==1.26.4`. With --write a release that the table has wrong is put right.
"""

import ast
import functools
import re
import sys
from pathlib import Path

TABLES = Path(__file__).parent.parent / "analysis" / "knowledge" / "removed"
DISTRIBUTIONS = {"sklearn": "scikit-learn", "mpl_toolkits": "matplotlib", "pinecone": "pinecone-client", "llama_index": "llama-index", "langchain_core": "langchain-core", "langchain_community": "langchain-community"}
# Served by `__getattr__` for a while, or kept in a stub alone: these were tried with the releases themselves.
BY_HAND = {
    "numpy": set("float int object str complex unicode bool long bool8 int0 uint0 object0 str0 bytes0 void0 cast disp core.defchararray".split())
    # Methods of a class that is written in C.
    | set("ndarray.tostring ndarray.ptp ndarray.itemset ndarray.newbyteorder".split()),
    # Behind `**kwargs`, or told in another place than where they were taken.
    "pandas": {
        *(f"{kind}.{method}(level)" for kind in ("DataFrame", "Series") for method in "sum mean max min median std var prod sem skew kurt any all".split()),
        *(f"{maker}(closed)" for maker in ("date_range", "bdate_range")),
        # Classes of pandas.core, which the inference calls by a shorter name: tried with pandas 1.5, 2.2 and 3.0.
        *(f"{kind}GroupBy.{method}" for kind in ("DataFrame", "Series") for method in "fillna pad backfill mad".split()),
        # Behind the accessor, which has them from DatetimeIndex.
        *(f"Series.dt.{field}" for field in ("week", "weekofyear")),
    },
    "matplotlib": {
        *(f"{owner}.hist{kind}(normed)" for owner in ("pyplot", "axes.Axes") for kind in ("", "2d")),
        *(f"{owner}.grid(b)" for owner in ("pyplot", "axes.Axes")),
        *(f"pyplot.{maker}(axisbg)" for maker in ("axes", "subplot")),
        *(f"{owner}.{kind}({axis})" for owner in ("pyplot", "axes.Axes") for kind in ("loglog", "semilogx", "semilogy") for axis in ("basex", "basey", "nonposx", "nonposy")),
        *(f"axes.Axes.set_{axis}scale({name}{end})" for axis in "xy" for end in "xy" for name in ("base", "nonpos", "linthresh")),
        *(f"pyplot.{axis}scale({name}{axis})" for axis in "xy" for name in ("base", "nonpos", "linthresh", "subs")),
        *(f"{owner}(projection)" for owner in ("pyplot.gca", "figure.Figure.gca")),
        "pyplot.savefig(frameon)",
    },
    # Of NumPy, by a loop in the package; a class that only raises; imports for the library itself; a decorated function.
    "scipy": {
        *re.findall(r"\w+", "array asarray zeros ones empty eye identity arange linspace logspace dot outer sqrt exp log log2 log10 sin cos tan arcsin arccos arctan arctan2 sum mean std var median"),
        *re.findall(r"\w+", "cumsum diff where argmin argmax argsort searchsorted concatenate hstack vstack isnan isinf pi inf nan newaxis float64 int32 ndarray random"),
        "interpolate.interp2d",
        "linalg.tril",
        "linalg.triu",
        "sparse.linalg.gmres(tol)",
    },
    # Kept as functions that do nothing but raise, or in a folder that does; the exporter of 2.5 and 2.6 passes over what it does not know.
    "torch": {
        *("symeig eig lstsq solve matrix_rank utils.ffi".split()),
        *(f"onnx.export({name})" for name in "example_outputs _retain_param_name strip_doc_string enable_onnx_checker use_external_data_format".split()),
        *(f"Tensor.{method}" for method in "symeig eig lstsq solve".split()),
    },
    "torchvision": {"utils.make_grid(range)", "utils.save_image(range)"},
    "sklearn": {
        "metrics.make_scorer(needs_proba)",
        "metrics.make_scorer(needs_threshold)",
        *(f"ensemble.{model}(max_features='auto')" for model in ("ExtraTreesClassifier", "RandomForestClassifier", "ExtraTreesRegressor", "RandomForestRegressor")),
    },
}
# Keras takes what it does not know with `**kwargs` and raises: these were tried with Keras 3.
TRIED = ("layers.", "optimizers.", "Model", "models.Model(", "callbacks.", "utils.to_categorical(")
LINE = re.compile(r'(?<=    )\[\s*("(?:[^"\\]|\\.)*"),\s*"([^"]*)"')
WHAT = re.compile(r"^([\w.]+)\((\w+)(?:@\d)?(?:='([^']*)')?\)$")


def release(version):
    return tuple(int(it) for it in re.findall(r"\d+", version)[:3])


def expanded(what):
    choice = re.search(r"\{([^{}]*)\}", what)
    if not choice or what.count("{") > 4:
        return [what]
    return [full for it in choice[1].split("|") for full in expanded(what[: choice.start()] + it + what[choice.end() :])]


class Wheel:
    def __init__(self, folder):
        self.folder = folder

    @functools.cache
    def module(self, name):
        """The statements of a module, those of its stub too; None if there is no such module."""
        path = self.folder.joinpath(*name.split("."))
        found = [it for it in (path / "__init__.py", path.with_name(path.name + ".py"), path / "__init__.pyi", path.with_name(path.name + ".pyi")) if it.is_file()]
        if not found:
            return [] if path.is_dir() else None
        body = []
        for it in found:
            try:
                body += ast.parse(it.read_text(encoding="utf-8", errors="replace")).body
            except SyntaxError:
                body.append(it.read_text(encoding="utf-8", errors="replace"))
        return body

    def is_package(self, name):
        return self.folder.joinpath(*name.split(".")).is_dir()

    @functools.cache
    def text(self, name):
        path = self.folder.joinpath(*name.split("."))
        for it in (path / "__init__.py", path.with_name(path.name + ".py")):
            if it.is_file():
                return it.read_text(encoding="utf-8", errors="replace")
        return ""

    def flat(self, body):
        for it in body:
            yield it
            for part in ("body", "orelse", "finalbody"):
                if isinstance(it, (ast.If, ast.Try, ast.With)):
                    yield from self.flat(getattr(it, part, []))
            if isinstance(it, ast.Try):
                for handler in it.handlers:
                    yield from self.flat(handler.body)

    def base_of(self, module, node):
        if not node.level:
            return node.module
        parts = module.split(".") if self.is_package(module) else module.split(".")[:-1]
        parts = parts[: len(parts) - node.level + 1]
        return ".".join([*parts, *([node.module] if node.module else [])])

    @functools.cache
    def find(self, module, name, depth=0):
        """(kind, where, node) of a name in a module."""
        body = self.module(module)
        if body is None or depth > 12:
            return None
        for it in reversed(list(self.flat(body))):
            if isinstance(it, str):
                if re.search(rf"^\s*(def|class)\s+{name}\b|^{name}\s*=|import\b.*\b{name}\b", it, re.M):
                    return ("other", module, None)
            elif isinstance(it, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                if it.name == name:
                    return ("class" if isinstance(it, ast.ClassDef) else "def", module, it)
            elif isinstance(it, (ast.Assign, ast.AnnAssign)):
                targets = it.targets if isinstance(it, ast.Assign) else [it.target]
                if any(isinstance(t, ast.Name) and t.id == name for target in targets for t in ast.walk(target)):
                    if isinstance(it.value, ast.Name) and it.value.id != name:
                        return self.find(module, it.value.id, depth + 1) or ("other", module, it)
                    return ("other", module, it)
            elif isinstance(it, ast.Import):
                if any((alias.asname or alias.name.split(".")[0]) == name for alias in it.names):
                    return ("module", name, None)
            elif isinstance(it, ast.ImportFrom):
                base = self.base_of(module, it)
                for alias in it.names:
                    if (alias.asname or alias.name) == name:
                        if base == module:
                            return ("module", f"{base}.{alias.name}", None)
                        found = self.find(base, alias.name, depth + 1)
                        if found:
                            return found
                        return ("module" if self.module(f"{base}.{alias.name}") is not None else "other", f"{base}.{alias.name}", None)
                    if alias.name == "*" and not name.startswith("_") and base != module:
                        found = self.find(base, name, depth + 1)
                        if found:
                            return found
        if self.module(f"{module}.{name}") is not None:
            return ("module", f"{module}.{name}", None)
        # Names that a package brings in when they are asked for.
        if re.search(rf"""["']{name}["']""", "\n".join(self.lazy(module))):
            return ("other", module, None)
        return None

    def lazy(self, module):
        for it in self.flat(self.module(module) or []):
            if isinstance(it, (ast.Assign, ast.AnnAssign, ast.Expr, ast.AugAssign)) and it.value is not None:
                text = ast.unparse(it)
                if re.match(r"_import_structure|_lazy|_LAZY|_submodules|_submod_attrs|module_lookup|_module_lookup|_dynamic_imports|DEPRECATED_LOOKUP", text):
                    yield text

    def resolve(self, what):
        parts = what.split(".")
        at, found = parts[0], None
        if self.module(at) is None:
            return None
        for index, part in enumerate(parts[1:], 1):
            found = self.find(at, part)
            if found is None:
                return None
            kind, where, node = found
            rest = parts[index + 1 :]
            if kind == "class" and rest:
                return self.member(node, where, rest[0])
            if kind != "module" and rest:
                return ("other", where, None)
            at = where
        return found or ("module", at, None)

    def member(self, cls, module, name, depth=0):
        for it in self.flat(cls.body):
            if isinstance(it, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and it.name == name:
                return ("def", module, it)
            if isinstance(it, (ast.Assign, ast.AnnAssign)):
                targets = it.targets if isinstance(it, ast.Assign) else [it.target]
                if any(isinstance(t, ast.Name) and t.id == name for t in targets):
                    return ("other", module, it)
        # `DataFrame.x = y` and `_add_methods("x")` below the class.
        if re.search(rf"\bcls\.{name}\s*=|\b{cls.name}\.{name}\s*=", self.text(module)):
            return ("other", module, None)
        if depth < 8:
            for base in cls.bases:
                found = self.named(base, module)
                if found and found[0] == "class" and found[2] is not cls:
                    inherited = self.member(found[2], found[1], name, depth + 1)
                    if inherited:
                        return inherited
        return None

    def named(self, expression, module):
        text = ast.unparse(expression).split("[")[0]
        first, *rest = text.split(".")
        found = self.find(module, first)
        for it in rest:
            if not found or found[0] != "module":
                return None
            found = self.find(found[1], it)
        return found

    def has(self, what):
        """True, False, or None where the source alone does not say."""
        argument = WHAT.match(what)
        if not argument:
            return self.resolve(what) is not None
        name, keyword, value = argument.groups()
        found = self.resolve(name)
        if not found:
            return False
        kind, module, node = found
        if value is not None:
            texts = (it.value for statement in self.module(module) or [] if isinstance(statement, ast.AST) for it in ast.walk(statement) if isinstance(it, ast.Constant))
            return value in texts
        if kind == "class":
            made = self.member(node, module, "__init__")
            if not made or made[2] is None or not hasattr(made[2], "args"):
                annotated = [it.target.id for it in node.body if isinstance(it, ast.AnnAssign) and isinstance(it.target, ast.Name)]
                return keyword in annotated if annotated else None
            node = made[2]
        if node is None or not hasattr(node, "args"):
            return None
        given = [it.arg for it in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        if keyword in given:
            return True
        return None if node.args.kwarg else False


def tried(rest):
    """TensorFlow keeps what it had in `tensorflow.compat.v1`: run this where it is installed."""
    try:
        import tensorflow
    except ImportError:
        return None

    def reach(at):
        for part in rest.split("(")[0].split("."):
            at = getattr(at, part, None)
        return at is not None

    if reach(tensorflow):
        return f"tensorflow.{rest}: still there in {tensorflow.__version__}"
    return None if reach(tensorflow.compat.v1) or rest.split(".")[0] in ("contrib", "estimator") else f"tensorflow.{rest}: never seen"


def main():
    folder, write = Path(sys.argv[1]), "--write" in sys.argv
    asked = [it for it in sys.argv[2:] if not it.startswith("--")]
    wheels = {}
    for it in folder.iterdir():
        parted = re.match(r"(.+)-(\d[\w.]*)$", it.name)
        if parted and it.is_dir():
            wheels.setdefault(parted[1], []).append((release(parted[2]), parted[2], Wheel(it)))
    wrong = 0
    for table in sorted(TABLES.glob("*.ts")):
        if table.stem == "table" or (asked and table.stem not in asked):
            continue
        text = table.read_text()

        def check(match):
            nonlocal wrong
            what, said = ast.literal_eval(match[1]), match[2]
            seen = {judge(it, said) for it in expanded(what)}
            notes = {note for note, _ in seen if note}
            found = {since for _, since in seen if since}
            for note in sorted(notes):
                print(f"{table.stem}: {note}")
            wrong += len(notes)
            if not write or len(found) != 1:
                return match[0]
            return match[0][: match.end(2) - match.start() - len(said)] + found.pop() + '"'

        def judge(what, said):
            root, _, rest = what.partition(".")
            if root == "keras" and rest.startswith(TRIED):
                return (None, None)
            if root == "transformers" and rest.startswith(("modeling_", "tokenization_", "configuration_")):
                return (None, None)
            if root == "tensorflow":
                return (tried(rest), None)
            if rest in BY_HAND.get(root, ()) or "='#" in rest:
                return (None, None)
            known = sorted(wheels.get(DISTRIBUTIONS.get(root, root), []), key=lambda it: it[0])
            if not known:
                return (f"{what}: no wheels of {root}", None)
            there = [(version, wheel.has(what)) for _, version, wheel in known]
            present = [version for version, answer in there if answer]
            if not present:
                return (f"{what}: never seen ({'unknown' if any(a is None for _, a in there) else 'absent'})", None)
            after = [(version, answer) for version, answer in there if release(version) > release(present[-1])]
            if not after:
                return (f"{what}: still there in {present[-1]}", None)
            if any(answer is None for _, answer in after):
                return (f"{what}: not known after {present[-1]} (the table says {said})", None)
            first = ".".join(after[0][0].split(".")[:2])
            # A later release than need be is what release notes say of a name that only the source had lost.
            if "<" in said or release(first) <= release(said):
                return (None, None)
            return (f"{what}: gone since {first}, the table says {said}", first)

        put_right = LINE.sub(check, text)
        if write and put_right != text:
            table.write_text(put_right)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
