"""Claims built from mentions (điều đọc được): contributions, events, agreements, asks."""
