"""Figures of a text (con số): sums, counts, dates, periods, and every other number. ``find.py`` is the story."""

from hoptac.reading.figures.find import find_figures, find_figures_slowly
from hoptac.reading.figures.settle import Settled, settle

__all__ = ["Settled", "find_figures", "find_figures_slowly", "settle"]
