"""Reads one job from stdin as JSON and writes all that was observed of both forms: what somebody looks at who wants to know why a proof failed."""

import importlib
import json
import sys

from prover.prove import in_child, start_server

work = json.load(sys.stdin)
address = start_server()
for name in work["preload"]:
    importlib.import_module(name)
json.dump({which: in_child(work["job"], which, address) for which in ("before", "after")}, sys.stdout)
