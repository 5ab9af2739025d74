"""How fast netcore is beside its peers, and what it makes of the blog posts' experiments."""
