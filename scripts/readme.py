"""Fill the console blocks of README.md and README.vi.md with what their commands print now.

    python scripts/readme.py            rewrite both files where they differ
    python scripts/readme.py --check    exit with 1 and name the file that differs

A block is fenced as ``console``; each line that begins with "$ " is a command, and what follows it is its output. Two commands
are known: ``head -N FILE`` and ``hoptac read …``.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = ("README.md", "README.vi.md")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def output(command: str) -> str:
    """What a command prints, as the block shows it: no spaces at the end of lines, no empty lines at the end."""
    words = shlex.split(command)
    if words[0] == "head" and re.fullmatch(r"-\d+", words[1]):
        lines = (ROOT / words[2]).read_text(encoding="utf-8").splitlines()[: int(words[1][1:])]
    elif words[:2] == ["hoptac", "read"]:
        program = Path(sys.executable).with_name("hoptac")
        ran = subprocess.run([str(program), *words[1:]], cwd=ROOT, capture_output=True, text=True, check=True)
        lines = ran.stdout.splitlines()
    else:
        raise ValueError(f"{command!r}: only 'head -N FILE' and 'hoptac read …' may stand in a console block")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def filled(text: str) -> str:
    """The text with every console block filled anew."""

    def fill(block: re.Match[str]) -> str:
        commands = [line for line in block[1].splitlines() if line.startswith("$ ")]
        return "```console\n" + "\n".join(f"{c}\n{output(c[2:])}" for c in commands) + "```"

    return BLOCK.sub(fill, text)


def steady(text: str) -> str:
    """The text without the reader's version, which changes with every word of the lexicon."""
    return re.sub(r"\d+\.\d+\.\d+\+lexicon:[0-9a-f]{4}", "VERSION", text)


def main() -> int:
    different = []
    for name in FILES:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        new = filled(text)
        if steady(new) == steady(text):
            continue
        different.append(name)
        if "--check" not in sys.argv:
            path.write_text(new, encoding="utf-8")
    print("\n".join(different) or "every console block is as its command prints it")
    return 1 if different and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
