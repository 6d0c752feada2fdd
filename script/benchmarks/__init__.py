"""Benchmarks that script/bench runs. Each prints one JSON object; a baseline that is missing is skipped and named."""
