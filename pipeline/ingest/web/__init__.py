"""Web pages: the tree of a page, what its class words say, the article in it, its metadata, its tables of data."""
