"""Vietnamese formats (định dạng tiếng Việt)."""
