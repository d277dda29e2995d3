"""News watch (theo dõi tin): feeds, sitemaps and lists of addresses read on a schedule, new pages into the ledger."""
