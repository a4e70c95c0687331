"""What posture costs: the parts of scripts/benchmark.py."""
