"""Hợp Tác: the system of record for cooperation between localities."""

__version__ = "0.1.0"
