"""The ledger (sổ cái): sources, statements, filing, records, sums. ``take.py`` is the story of what enters."""
