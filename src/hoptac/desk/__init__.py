"""The officers' pages (bàn làm việc): login needed."""
