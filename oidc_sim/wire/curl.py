"""Shows a request as a curl command that a person can paste into a shell.

All of it is printable ASCII: what a stranger sent is quoted so that neither the shell nor the
terminal acts on it.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from oidc_sim.text.redact import as_sent, redact, redact_header

_CURLS_OWN = frozenset({b"host", b"content-length", b"connection", b"accept-encoding", b"expect"})
"""Headers that curl writes itself, or that are about this one connection."""
_PLAIN = re.compile(rb"[ -~]*")


def as_curl(
    method: str,
    url: str,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes,
    *,
    shows_secrets: bool = False,
) -> str:
    """Write the command on one line; secrets are cut to their ends unless ``shows_secrets``.

    ``url`` is base URL and request target. Headers that curl makes by itself are left out.
    """
    verb, target, data = as_sent(method), as_sent(url), body
    if not shows_secrets:
        verb, target, data = redact(verb), redact(target), redact(body)
    words = ["curl", "-sSig", *_method_words(verb), _quote(target)]
    words += _header_words(list(headers), has_body=bool(data), shows_secrets=shows_secrets)
    if b"/." in target:
        words.append("--path-as-is")
    if not data:
        return " ".join(words)
    if _PLAIN.fullmatch(data):
        return " ".join([*words, "--data-raw", _quote(data)])
    # an argument cannot hold a NUL
    return " ".join(["printf", f"'{_octal(data)}'", "|", *words, "--data-binary", "@-"])


def _method_words(method: bytes) -> list[str]:
    if method == b"HEAD":  # with -X curl would wait for a body
        return ["--head"]
    return ["-X", _quote(method)]


def _header_words(
    headers: Sequence[tuple[bytes, bytes]], *, has_body: bool, shows_secrets: bool
) -> Iterator[str]:
    for name, value in headers:
        lower = name.lower()
        if lower in _CURLS_OWN:
            continue
        shown = value if shows_secrets else redact_header(name, value)
        label = name if shows_secrets else redact(name)
        yield from ("-H", _quote(label + b": " + shown if shown else label + b";"))
    if has_body and all(name.lower() != b"content-type" for name, _ in headers):
        yield from ("-H", "Content-Type:")  # or curl would say that the body is a form


def _quote(text: bytes) -> str:
    """Quote one word for the shell; by way of printf where quoting alone would leave it unprintable."""
    if _PLAIN.fullmatch(text):
        return shlex.quote(text.decode("ascii"))
    return f"\"$(printf '{_octal(text)}')\""


def _octal(text: bytes) -> str:
    """Write in octal all but printable characters, and those that quotes or printf act on."""
    start = "\\055" if text.startswith(b"-") else ""  # printf would take it for an option
    return start + "".join(_octal_char(byte) for byte in text[len(start[:1]) :])


def _octal_char(byte: int) -> str:
    char = chr(byte)
    is_inert = char.isascii() and char.isprintable() and char not in "'\\%"
    return char if is_inert else f"\\{byte:03o}"
