"""IATI: XML to values and back, schema and rule checks (chuẩn IATI). Knows the lexicon only."""

from hoptac.iati.check import Checker, Report, check_file
from hoptac.iati.read import OrganisationReading, Reading, original
from hoptac.iati.schema import Schemas
from hoptac.iati.stream import Limits
from hoptac.iati.values import Finding
from hoptac.iati.write import Writer

__all__ = [
    "Checker",
    "Finding",
    "Limits",
    "OrganisationReading",
    "Reading",
    "Report",
    "Schemas",
    "Writer",
    "check_file",
    "original",
]
