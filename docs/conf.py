"""How the documentation is built: Sphinx, MyST Markdown, the furo theme; nothing is fetched from anywhere."""

from __future__ import annotations

from importlib.metadata import version as installed

project = "Hợp Tác"
author = "the Hợp Tác authors"
release = installed("hoptac")
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "Hợp Tác"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"source_repository": "", "footer_icons": []}
