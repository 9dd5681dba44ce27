"""Decides whom the server answers: the Host allow-list, and the check for requests a web page made.

A web page anywhere can make a browser send requests to 127.0.0.1, and by DNS rebinding it can read
the answers under its own name. The name is then in ``Host``, so a server that only answers to its
own names is safe (T-10). The check is on the raw text and by exact comparison: nothing is resolved,
decoded or normalised apart from the case of ASCII letters, so ``0x7f.1``, ``localhost.`` and
``127.0.0.1@evil`` are strangers. An absolute-form target carries a second authority, which aiohttp
lets override Host; it must pass too.
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import translate

from aiohttp.web import BaseRequest
from multidict import CIMultiDict, CIMultiDictProxy, istr

SEC_FETCH_SITE = istr("Sec-Fetch-Site")
"""In which a browser says whose page it sends a request for; a page can neither set nor remove it."""
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")

# A name or IPv4 address, or an IPv6 address in brackets, then maybe a port. No userinfo, no
# percent-encoding, no blank, nothing outside ASCII (RFC 3986 section 3.2, cut down to what we serve).
_AUTHORITY = re.compile(
    r"(?P<name>[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?", re.ASCII
)
_ABSOLUTE_FORM = re.compile(r"https?://([^/?#]*)", re.ASCII | re.IGNORECASE)
# A browser sends a handful of spellings; the bound is for whoever sends a new one each time.
_MOST_REMEMBERED = 64
_DEFAULT_PORT = 80


def authority_of(target: str) -> str | None:
    """Return the authority of a raw request target in absolute form (RFC 9112 section 3.2.2), or None."""
    match = _ABSOLUTE_FORM.match(target)
    return match[1] if match else None


class HostGuard:
    """The names that one server answers to.

    ``127.0.0.1``, ``localhost``, ``[::1]`` and the address that it is bound to, each with the bound
    port (which may be left out only if it is 80), and whatever ``--allow-host`` patterns match, with
    any port.
    """

    def __init__(
        self, port: int, addresses: Iterable[str] = (), allow_hosts: Iterable[str] = ()
    ) -> None:
        """Take what the server is bound to, IPv6 without brackets, and patterns where ``*`` takes dots."""
        bound = (f"[{address}]" if ":" in address else address for address in addresses)
        self._names = frozenset(name.lower() for name in (*OWN_NAMES, *bound))
        self._ports = (str(port),) if port != _DEFAULT_PORT else (str(port), None)
        self._patterns = tuple(re.compile(translate(it.lower())) for it in allow_hosts)
        self._accepted: set[str] = set()

    def accepts(self, hosts: Sequence[str], target: str) -> bool:
        """Say whether a request, by all its raw Host headers and its target, is for this server."""
        if len(hosts) != 1 or not (hosts[0] in self._accepted or self.knows(hosts[0])):
            return False
        if target.startswith("/"):
            return True
        authority = authority_of(target)
        return authority is None or self.knows(authority)

    def knows(self, authority: str) -> bool:
        """Say whether ``name[:port]`` is one of this server's names.

        Accepted spellings are remembered, since this runs once for each poll.
        """
        if authority in self._accepted:
            return True
        if not self._is_listed(authority):
            return False
        if len(self._accepted) < _MOST_REMEMBERED:
            self._accepted.add(authority)
        return True

    def _is_listed(self, authority: str) -> bool:
        match = _AUTHORITY.fullmatch(authority)
        if match is None:
            return False
        name = match["name"].lower()
        if name in self._names and match["port"] in self._ports:
            return True
        bare = name.strip("[]")
        return any(pattern.match(bare) for pattern in self._patterns)


def is_of_another_site(headers: CIMultiDict[str] | CIMultiDictProxy[str]) -> bool:
    """Say whether a browser sent this for a page of another site, or another port of this machine.

    Programs do not send the header, or ``none`` as a browser does for an address that was typed.
    """
    sites = headers.getall(SEC_FETCH_SITE, ())
    return any(site.strip().lower() not in {"same-origin", "none"} for site in sites)


def browser_check(
    headers: CIMultiDict[str] | CIMultiDictProxy[str], *, is_form: bool = False
) -> str | None:
    """Say why a state-changing request must be refused as another site's, or None if it is fine.

    For the control routes and the pages' POSTs (T-11). Programs send neither header and pass; a
    browser sends at least one of them. Run it after the Host guard: ``Origin`` is compared with
    Host, which proves nothing while a stranger may choose Host.

    With ``is_form`` a page's own form asks: under ``Referrer-Policy: no-referrer`` (T-14) a browser
    names the origin ``null`` with it, and says in Sec-Fetch-Site that it is our own.
    """
    if is_of_another_site(headers):
        return "This request was made by another site."
    origins = headers.getall("Origin", [])
    host = headers.get("Host", "").lower()
    own = {f"http://{host}", f"https://{host}"}  # https: behind a proxy, for --allow-host names
    if is_form and headers.getall(SEC_FETCH_SITE, []) == ["same-origin"]:
        own.add("null")
    if any(origin.strip().lower() not in own for origin in origins):
        return "This request was made by a page of another origin."
    return None


def is_navigation(request: BaseRequest) -> bool:
    """Say whether a person may be looking at the answer.

    A page elsewhere can load our address as a picture twenty times: that would use up everybody's
    attempts at user codes, or begin twenty sign-ins. A browser says what it loads an address for; a
    program does not, and may have it.
    """
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"
