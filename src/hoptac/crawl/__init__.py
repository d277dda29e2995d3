"""Crawls larger than one machine (bộ sưu tập lớn): files to readings in Parquet, each page once, resumable."""
