"""Descents on their way to the screen: one run, its frames, the jobs that train it, segments, pins, sweeps."""
