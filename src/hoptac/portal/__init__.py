"""The public pages (cổng công khai): no login, short quotes, never a source's full text."""
