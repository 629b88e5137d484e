"""What scripts/benchmark.py is made of: the workloads, the peers that train them, and the page."""
