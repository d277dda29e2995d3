"""``python -m hoptac.cli``: the same as ``hoptac``."""

from hoptac.cli import main

main()
