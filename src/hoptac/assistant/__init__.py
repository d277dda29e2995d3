"""An assistant that may propose claims (trợ lý đề xuất), off by default: what it says counts only where the page says so too."""
