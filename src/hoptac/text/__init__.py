"""Unicode, old Vietnamese encodings, folding with its offset map (chữ viết). Knows nothing else."""
