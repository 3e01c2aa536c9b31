"""Whether two listings are the same product: what proves it, what speaks against it, and how sure that is."""
