"""The news room's tables that are written once, guarded as the ledger's are (chỉ ghi thêm)."""

TABLES = ("newsroom_edition", "newsroom_picture", "newsroom_notice", "newsroom_reply")
