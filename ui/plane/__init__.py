"""The parts of the page The plane."""
