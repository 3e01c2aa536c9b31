"""What is known: products, files, the store, the index, search."""
