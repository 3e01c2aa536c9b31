"""The sample shop: an invented catalogue, its pictures, queries and dialogues."""
