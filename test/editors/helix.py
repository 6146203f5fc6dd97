"""Types into Helix in a terminal: lists the findings, asks for a hover, applies a quick fix, and prints what was seen as JSON."""

import json
import os
import re
import subprocess
import sys
import time

SOCKET = f"nippy-{os.getpid()}"
FILE = sys.argv[1]


def tmux(*words):
    return subprocess.run(["tmux", "-L", SOCKET, *words], capture_output=True, text=True, check=True).stdout


def screen():
    return tmux("capture-pane", "-p")


def keys(*names):
    for name in names:
        tmux("send-keys", name)
        time.sleep(0.1)


def until(what, seen):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        answer = seen()
        if answer:
            return answer
        time.sleep(0.05)
    raise TimeoutError(f"waited in vain for {what}:\n{screen()}")


def found():
    """The marks in the gutter are not named, so the rules are read in the picker, whose list hides behind its preview's frame."""
    lines = {int(line) for line in re.findall(r"^●\s+(\d+) ", screen(), re.M)}
    keys("Space", "d")
    until("the picker", lambda: "severity" in screen())
    rules = set(re.findall(r"(?:ERROR|WARN|INFO|HINT)\s+(\S+)", screen()))
    keys("Escape")
    until("the end of the picker", lambda: "severity" not in screen())
    return lines, rules


def seen():
    tmux("-f", "/dev/null", "new-session", "-d", "-x", "180", "-y", "50", "hx", FILE)
    until("findings", lambda: "●" in screen())
    before = found()
    keys(":", "goto 5", "Enter", "g", "l", "h", "h", "h")
    keys("Space", "k")
    hover = until("the hover", lambda: "Measured" in screen() and screen())
    keys("Escape", ":", "goto 10", "Enter", "g", "l", "h", "h", "h")
    keys("Space", "a")
    until("the menu", lambda: "Add await" in screen())
    keys("Enter")
    until("the quick fix", lambda: "await asyncio" in screen())
    until("news", lambda: screen().count("●") == screen().count("● ") and not re.search(r"^●\s+10 ", screen(), re.M))
    keys(":", "write", "Enter")
    until("the file", lambda: "await asyncio" in open(FILE, encoding="utf-8").read())
    after = found()
    with open(FILE, encoding="utf-8") as file:
        return {"before": listed(before), "hover": hover, "text": file.read(), "after": listed(after)}


def listed(found):
    lines, rules = found
    return [*map(str, sorted(lines)), *sorted(rules)]


try:
    answer = seen()
except Exception as problem:
    answer = {"problem": repr(problem)}
finally:
    subprocess.run(["tmux", "-L", SOCKET, "kill-server"], capture_output=True, check=False)
print(json.dumps(answer))
