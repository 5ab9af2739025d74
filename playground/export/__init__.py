"""Exports of a run: a NumPy script that reproduces its curve, its weights, and the same network for
other libraries.
"""
