"""What the web app counts, for Prometheus and for its own pages."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class Metrics:
    """Counters of one running app; none of them holds what people wrote."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.turns = Counter(
            "shopclerk_turns", "Turns answered.", ["planned_by"], registry=self._registry
        )
        self.turn_seconds = Histogram(
            "shopclerk_turn_seconds",
            "Seconds of a turn.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self.listings = Counter("shopclerk_listings", "Listings made.", registry=self._registry)
        self.batch_rows = Counter(
            "shopclerk_batch_rows", "Rows of batches worked on.", registry=self._registry
        )
        self.refused = Counter(
            "shopclerk_refused", "Requests refused.", ["reason"], registry=self._registry
        )
        self.errors = Counter(
            "shopclerk_errors", "Errors that nobody foresaw.", registry=self._registry
        )

    def text(self) -> bytes:
        """Return all of them in the text format of Prometheus."""
        return generate_latest(self._registry)
