"""A picture fetched from the web without lending a stranger this machine's place in the network.

The host's name is resolved first, every address must be public, and the connection goes to an address
that was checked, so that a name which resolves anew to something else gains nothing (DNS rebinding).
Redirects are followed by hand, each checked like the first. Proxies are not used: they would resolve
the name themselves.
"""

import httpx

from shopclerk import __version__
from shopclerk.errors import PictureError
from shopclerk.pictures.addresses import Resolver, is_public, resolve_host
from shopclerk.pictures.deadline import Deadline
from shopclerk.pictures.limits import PictureLimits, shown_name
from shopclerk.pictures.sources import too_large

CHUNK_BYTES = 64 * 2**10

_HEADERS = {
    "User-Agent": f"shopclerk/{__version__}",
    "Accept": "image/*",
    # A packed answer could unpack to any size.
    "Accept-Encoding": "identity",
}


def fetch(url: str, limits: PictureLimits, *, resolve: Resolver = resolve_host) -> bytes:
    """Return what a URL holds.

    Args:
        url: An http or https URL without a user name.
        limits: Bytes, seconds and redirects allowed.
        resolve: How a host's name becomes addresses.

    Raises:
        PictureError: The URL is not allowed, leads to a private address, cannot be reached, answers
            with something else than a picture, or breaks a limit.
    """
    name = shown_name(url)
    with Deadline(limits.timeout_s) as deadline:
        try:
            with httpx.Client(trust_env=False, follow_redirects=False) as client:
                return _Fetch(client, name, limits, resolve, deadline).run(url)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            deadline.check(name)
            if isinstance(error, httpx.TimeoutException):
                raise deadline.error(name) from None
            reason = " ".join(str(error).split()) or type(error).__name__
            raise PictureError(f"Picture '{name}' could not be fetched: {reason}.") from None


class _Fetch:
    """One fetch, with all its redirects."""

    def __init__(
        self,
        client: httpx.Client,
        name: str,
        limits: PictureLimits,
        resolve: Resolver,
        deadline: Deadline,
    ) -> None:
        self._client = client
        self._name = name
        self._limits = limits
        self._resolve = resolve
        self._deadline = deadline

    def run(self, url: str) -> bytes:
        """Follow redirects until there is a picture."""
        for _ in range(self._limits.max_redirects + 1):
            answer = self._get(self._checked(url))
            if isinstance(answer, bytes):
                return answer
            url = answer
        raise self._error(f"is redirected more than {self._limits.max_redirects} times")

    def _checked(self, url: str) -> httpx.URL:
        try:
            parsed = httpx.URL(url)
            host = parsed.host
        except (httpx.InvalidURL, ValueError):
            raise self._error(f"leads to '{shown_name(url)}', which is no valid URL") from None
        if parsed.scheme not in ("http", "https"):
            raise self._error(f"asks for '{parsed.scheme}'; allowed are http and https")
        if parsed.userinfo:
            raise self._error("holds a user name or password, which is not allowed")
        if not host or not 0 < (parsed.port or 80) < 2**16:
            raise self._error("names no host, or a port that there is not")
        return parsed

    def _addresses(self, url: httpx.URL) -> list[str]:
        port = url.port or (443 if url.scheme == "https" else 80)
        host = url.raw_host.decode("ascii")
        try:
            found = self._deadline.run(lambda: self._resolve(host, port), self._name)
        except (OSError, UnicodeError):
            raise self._error(f"names the host '{shown_name(host)}', which is not known") from None
        refused = next((each for each in found if not is_public(each)), None)
        if refused is not None or not found:
            raise self._error(
                f"leads to {refused or 'no address'}, which is not on the public internet"
            )
        return found

    def _get(self, url: httpx.URL) -> bytes | str:
        """Return the bytes at a URL, or the URL that it redirects to."""
        addresses = self._addresses(url)
        for number, address in enumerate(addresses[:-1]):
            try:
                return self._get_from(address, url, share=1 / (len(addresses) - number))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                self._deadline.check(self._name)
        return self._get_from(addresses[-1], url, share=1.0)

    def _get_from(self, address: str, url: httpx.URL, share: float) -> bytes | str:
        """Ask one address; connecting to it may take a share of the time left."""
        left_s = self._deadline.left_s(self._name)
        # Cookies are kept by host, and the host is an address here, which two sites may share.
        self._client.cookies.clear()
        with self._client.stream(
            "GET",
            url.copy_with(host=address, fragment=None),
            headers={**_HEADERS, "Host": url.netloc.decode("ascii")},
            extensions={
                "sni_hostname": url.raw_host.decode("ascii"),
                "trace": self._deadline.trace,
            },
            timeout=httpx.Timeout(left_s, connect=left_s * share),
        ) as response:
            if response.has_redirect_location:
                return str(url.join(response.headers["Location"]))
            self._check_head(response)
            return self._body(response)

    def _check_head(self, response: httpx.Response) -> None:
        if response.status_code != httpx.codes.OK:
            raise self._error(f"is answered with status {response.status_code}")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not (kind.startswith("image/") or kind.endswith("/octet-stream") or not kind):
            raise self._error(f"is of the type '{kind[:80]}', not a picture")
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packing != "identity":
            raise self._error(f"came packed as '{packing[:80]}', which was not asked for")
        stated = response.headers.get("Content-Length", "")
        if stated.isdecimal() and int(stated) > self._limits.max_bytes:
            raise too_large(self._name, self._limits)

    def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_raw(CHUNK_BYTES):
            body += chunk
            if len(body) > self._limits.max_bytes:
                raise too_large(self._name, self._limits)
        # A connection cut by the deadline may look like a body that has ended.
        self._deadline.check(self._name)
        return bytes(body)

    def _error(self, what: str) -> PictureError:
        return PictureError(
            f"Picture '{self._name}' {what}. Give a public http(s) URL of a picture, or a file."
        )
