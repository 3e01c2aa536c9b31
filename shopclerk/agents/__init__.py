"""Who acts: the shopping assistant, its planners and its answers."""
