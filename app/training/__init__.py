"""The practice district: what `train` loads and plays."""
