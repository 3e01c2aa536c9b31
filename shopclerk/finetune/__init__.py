"""Training recipes, data builders and the training loop."""
