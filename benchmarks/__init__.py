"""Benchmarks: netcore against other libraries, the blog posts' experiments, and the page."""
