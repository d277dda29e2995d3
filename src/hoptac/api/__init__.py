"""The REST API (giao diện cho chương trình), version 1: what the public pages show, for programs."""
