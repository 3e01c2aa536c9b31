"""Pictures of the sample shop, drawn by code: `python -m shopclerk.sample.drawing` makes them all."""
