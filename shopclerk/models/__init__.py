"""What predicts: encoders, rerankers and the chat model."""
