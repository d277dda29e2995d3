"""Names of places, bodies and people in a page, and who holds which office (tên riêng và chức danh)."""

from hoptac.reading.names.find import find_names
from hoptac.reading.names.officers import find_officers, full_names
from hoptac.reading.names.units import home_of

__all__ = ["find_names", "find_officers", "full_names", "home_of"]
