"""What the page Inspect is made of."""
