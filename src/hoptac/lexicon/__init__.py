"""Tables that people of the field may correct (bảng từ): data, and the loader."""

from hoptac.lexicon.tables import Lexicon, Row, default_lexicon

__all__ = ["Lexicon", "Row", "default_lexicon"]
