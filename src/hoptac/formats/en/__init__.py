"""English formats, days as 25 Apr 2024."""
