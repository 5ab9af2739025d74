"""Parts of the page Sweep."""
