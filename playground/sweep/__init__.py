"""A sweep: many runs of settings that vary, on the worker processes of a Dask cluster."""
