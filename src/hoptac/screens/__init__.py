"""What every screen shares (phần chung của các màn hình): labels, figures, dates, rights and questions to the ledger."""
