"""Products as HTML. Everything that comes from a catalogue is escaped and shown as text."""

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from io import BytesIO

from PIL import Image

from shopclerk.catalog.money import format_price
from shopclerk.catalog.product import Product
from shopclerk.errors import PictureError, StorageError
from shopclerk.pictures import Picture

OpenPicture = Callable[[str], Picture]

CARD_SIDE_PX = 320
DETAIL_SIDE_PX = 720
JPEG_QUALITY = 82
TITLE_CHARS = 160
MAX_THUMBNAILS = 512

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$>])")


def as_text(words: str) -> str:
    """Return words as Markdown that shows them letter by letter, whatever marks or tags they hold."""
    return _MARKDOWN.sub(r"\\\1", escape(words, quote=False))


class Cards:
    """Draws products.

    Args:
        open_picture: Opens a listing's picture by its path.
        link_urls: Whether the browser may fetch pictures from the web addresses of listings.
    """

    def __init__(self, open_picture: OpenPicture, *, link_urls: bool = False) -> None:
        self._link_urls = link_urls

        @lru_cache(maxsize=MAX_THUMBNAILS)
        def drawn(path: str, side_px: int) -> str | None:
            try:
                return data_uri(open_picture(path).image, side_px)
            except (PictureError, StorageError):
                return None

        self._drawn = drawn

    def picture(self, product: Product, side_px: int = CARD_SIDE_PX) -> str:
        """Return the main picture as an HTML image, or a drawn place for it."""
        path = product.images[0] if product.images else ""
        alt = escape(product.title[:TITLE_CHARS])
        if path.startswith(("http://", "https://")):
            source = escape(path) if self._link_urls else None
        else:
            source = self._drawn(path, side_px) if path else None
        if source is None:
            return f'<span class="no-picture" role="img" aria-label="No picture of {alt}"></span>'
        return f'<img src="{source}" alt="{alt}" loading="lazy" referrerpolicy="no-referrer">'

    def gallery(
        self,
        products: Sequence[Product],
        reasons: Mapping[str, Sequence[str]] | None = None,
        *,
        heading: str = "",
        empty: str = "Nothing here yet.",
    ) -> str:
        """Return products as cards that can be clicked; each carries its id."""
        if not products:
            return f'<p class="empty">{escape(empty)}</p>'
        cards = "".join(self._card(each, (reasons or {}).get(each.id, ())) for each in products)
        head = f'<p class="cards-heading" role="status">{escape(heading)}</p>' if heading else ""
        return f'{head}<ul class="cards">{cards}</ul>'

    def _card(self, product: Product, why: Sequence[str]) -> str:
        reasons = f'<span class="why">{escape("; ".join(why))}</span>' if why else ""
        return (
            f'<li><button type="button" class="card" data-id="{escape(product.id)}">'
            f'<span class="picture">{self.picture(product)}</span>'
            f'<span class="title">{escape(product.title[:TITLE_CHARS])}</span>'
            f'<span class="facts">{_facts(product)}</span>{reasons}</button></li>'
        )

    def details(self, product: Product, why: Sequence[str] = ()) -> str:
        """Return all that is known of a product."""
        rows = [(name, ", ".join(product.attribute_values(name))) for name in product.attributes]
        known = (
            ("brand", product.brand),
            ("category", product.category),
            *rows,
            ("tags", ", ".join(product.tags)),
            ("id", product.id),
        )
        table = "".join(
            f"<tr><th scope='row'>{escape(name)}</th><td>{escape(value)}</td></tr>"
            for name, value in known
            if value
        )
        reasons = f'<p class="why">{escape("; ".join(why))}</p>' if why else ""
        return (
            f'<article class="details"><div class="picture">{self.picture(product, DETAIL_SIDE_PX)}</div>'
            f"<div><h3>{escape(product.title)}</h3>"
            f'<p class="facts">{_facts(product)}</p>{reasons}'
            f"<p>{escape(product.description or '')}</p><table>{table}</table></div></article>"
        )


def _facts(product: Product) -> str:
    facts: list[str] = []
    if product.price is not None:
        price = escape(format_price(product.price, product.currency))
        facts.append(f'<span class="price">{price}</span>')
    if product.rating is not None:
        facts.append(
            f'<span class="rating" aria-label="rated {product.rating:g} of 5">★ {product.rating:g}</span>'
        )
    if product.stock == 0:
        facts.append('<span class="gone">sold out</span>')
    return "".join(facts)


def data_uri(image: Image.Image, side_px: int) -> str:
    """Return a picture, made no larger than `side_px` at its longer side, as a data URI."""
    encoded = base64.b64encode(small_jpeg(image, side_px)).decode("ascii")
    return f"data:image/jpeg;base64,{encoded}"


def small_jpeg(image: Image.Image, side_px: int) -> bytes:
    """Return a picture as a JPEG no larger than `side_px` at its longer side, without its metadata."""
    small = image.convert("RGB")
    small.thumbnail((side_px, side_px))
    out = BytesIO()
    small.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def photo_html(jpeg: bytes) -> str:
    """Return a shopper's photo as HTML for a message."""
    encoded = base64.b64encode(jpeg).decode("ascii")
    return (
        f'<img class="photo" alt="The photo that was sent" src="data:image/jpeg;base64,{encoded}">'
    )


def table(header: Iterable[str], rows: Iterable[Sequence[object]], *, caption: str = "") -> str:
    """Return a plain table; every cell is escaped."""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="scroll"><table class="plain">{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def bars(counts: Sequence[tuple[str, int]]) -> str:
    """Return counts as a plot of horizontal bars, readable as a table too."""
    most = max((count for _, count in counts), default=1)
    rows = "".join(
        f"<tr><th scope='row'>{escape(name)}</th>"
        f"<td><span class='bar' style='width:{100 * count / most:.1f}%'></span></td><td>{count:,}</td></tr>"
        for name, count in counts
    )
    return f'<table class="plain bars"><tbody>{rows}</tbody></table>'
