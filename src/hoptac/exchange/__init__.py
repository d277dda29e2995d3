"""Statements in and out (trao đổi dữ liệu): IATI, whole-ledger files, tables for spreadsheets and analysts."""
