"""Date and number formats by language, read by Django (FORMAT_MODULE_PATH)."""
