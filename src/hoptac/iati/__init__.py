"""IATI: XML to values and back, schema and rule checks (chuẩn IATI). Knows the lexicon only."""

from hoptac.iati.check import Checker, Report, check_file
from hoptac.iati.schema import Schemas
from hoptac.iati.values import Finding

__all__ = ["Checker", "Finding", "Report", "Schemas", "check_file"]
