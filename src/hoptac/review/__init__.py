"""The review of a cooperation for the next meeting (kiểm điểm tình hình, kết quả hợp tác): a record, its papers, its states."""
