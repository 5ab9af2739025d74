"""Parts of the page Race."""
