"""From a page to a reading (bản đọc): layout, mentions, claims. ``pipeline.py`` is the story."""
