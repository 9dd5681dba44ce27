"""AWS Signature Version 4 from the other side: reads a signed request and checks its signature.

By hand: SDKs sign and do not verify, and botocore, the one library that could be turned round, is
thirty megabytes that a server should not need. The tests sign with it, in both forms, and compare.

A request carries its signature in ``Authorization`` or, presigned, in its query. Nothing here looks
at a clock: the operator may have moved it far from the one that the client signs by.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote_to_bytes

ALGORITHM = "AWS4-HMAC-SHA256"
_TERMINATOR = "aws4_request"
_UNRESERVED = "-_.~"
_CREDENTIAL = re.compile(
    r"(\w{16,128})/(\d{8})/([a-z0-9-]{1,64})/([a-z0-9-]{1,64})/aws4_request", re.ASCII
)
_INSTANT = re.compile(
    r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])[0-5]\d[0-5]\dZ", re.ASCII
)
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_HEADER_LIST = re.compile(r"[a-z0-9_-]+(;[a-z0-9_-]+)*")
_FIELDS = frozenset({"Credential", "SignedHeaders", "Signature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """The parts of a request, as it came, that a signature is made over."""

    method: str
    path: str
    """Raw, without the query."""
    query: str
    """Raw, without the question mark."""
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the value of a header; None if it is absent or came more than once."""
        wanted = name.encode("ascii")
        values = [value for it, value in self.headers if it.lower() == wanted]
        return values[0].decode("latin-1").strip() if len(values) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A request's account of how it was signed."""

    access_key_id: str
    instant: str
    """``YYYYMMDDTHHMMSSZ``, by the client's clock."""
    region: str
    service: str
    signed_headers: tuple[str, ...]
    value: str
    """64 hexadecimal digits."""
    session_token: str | None
    is_presigned: bool

    @property
    def scope(self) -> str:
        """The scope that the signing key is good for."""
        return f"{self.instant[:8]}/{self.region}/{self.service}/{_TERMINATOR}"


class Flaw(StrEnum):
    """Why a request has no signature that could be checked; a sentence for the person who reads it."""

    MISSING = "The request is not signed"
    ALGORITHM = "The request is not signed by AWS4-HMAC-SHA256"
    FIELDS = "The signature needs Credential, SignedHeaders and Signature, once each"
    CREDENTIAL = "Credential is not ACCESS_KEY/YYYYMMDD/REGION/SERVICE/aws4_request"
    INSTANT = "X-Amz-Date is not an instant on the day of the credential"
    HEADERS = "SignedHeaders lacks host or x-amz-date"
    SIGNATURE = "Signature is not 64 hexadecimal digits"


def read_signature(request: SignedRequest) -> Signature | Flaw:
    """Read how this request was signed, or what is wrong with the form of it; never raises."""
    authorization = request.header("authorization")
    if authorization is not None:
        return _read_header(request, authorization)
    query = dict(_pairs(request.query))
    if "X-Amz-Algorithm" in query:
        return _read_query(query)
    return Flaw.MISSING


def is_signed_by(request: SignedRequest, signature: Signature, secret_access_key: str) -> bool:
    """Whether whoever signed this request knew this secret, and nothing was changed since."""
    canonical = canonical_request(request, signature)
    expected = _signature(secret_access_key, signature, string_to_sign(signature, canonical))
    return hmac.compare_digest(expected, signature.value)


def canonical_request(request: SignedRequest, signature: Signature) -> str:
    """Write the request in the one form that both sides hash."""
    return "\n".join(
        (
            request.method.upper(),
            _canonical_path(request.path),
            _canonical_query(request.query),
            *_canonical_headers(request.headers, signature.signed_headers),
            "",
            ";".join(signature.signed_headers),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def string_to_sign(signature: Signature, canonical: str) -> str:
    """Write the text that the signature is an HMAC of."""
    hashed = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{ALGORITHM}\n{signature.instant}\n{signature.scope}\n{hashed}"


def _read_header(request: SignedRequest, authorization: str) -> Signature | Flaw:
    algorithm, _, rest = authorization.partition(" ")
    if algorithm != ALGORITHM:
        return Flaw.ALGORITHM
    named = [field.strip().partition("=") for field in rest.split(",")]
    fields = {name: value for name, _, value in named}
    if len(named) != len(_FIELDS) or fields.keys() != _FIELDS:
        return Flaw.FIELDS
    return _signed(
        fields,
        instant=request.header("x-amz-date") or "",
        session_token=request.header("x-amz-security-token"),
        is_presigned=False,
    )


def _read_query(query: Mapping[str, str]) -> Signature | Flaw:
    if query["X-Amz-Algorithm"] != ALGORITHM:
        return Flaw.ALGORITHM
    try:
        fields = {name: query[f"X-Amz-{name}"] for name in _FIELDS}
    except KeyError:
        return Flaw.FIELDS
    return _signed(
        fields,
        instant=query.get("X-Amz-Date", ""),
        session_token=query.get("X-Amz-Security-Token"),
        is_presigned=True,
    )


def _signed(
    fields: Mapping[str, str], *, instant: str, session_token: str | None, is_presigned: bool
) -> Signature | Flaw:
    credential = _CREDENTIAL.fullmatch(fields["Credential"])
    if credential is None:
        return Flaw.CREDENTIAL
    access_key_id, day, region, service = credential.groups()
    if not _INSTANT.fullmatch(instant) or not instant.startswith(day):
        return Flaw.INSTANT
    names = tuple(fields["SignedHeaders"].split(";"))
    needed = {"host"} if is_presigned else {"host", "x-amz-date"}
    if not _HEADER_LIST.fullmatch(fields["SignedHeaders"]) or not needed <= set(names):
        return Flaw.HEADERS
    if not _SIGNATURE.fullmatch(fields["Signature"]):
        return Flaw.SIGNATURE
    return Signature(
        access_key_id=access_key_id,
        instant=instant,
        region=region,
        service=service,
        signed_headers=names,
        value=fields["Signature"],
        session_token=session_token,
        is_presigned=is_presigned,
    )


def _canonical_path(path: str) -> str:
    """Remove dot segments and doubled slashes, and encode once more than it came (all but S3 do)."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in {"", "."}:
            kept.append(segment)
    end = "/" if path.endswith("/") and kept else ""
    return quote("/" + "/".join(kept) + end, safe="/~", errors="surrogateescape")


def _canonical_query(query: str) -> str:
    """Encode strictly all parameters but the signature, sorted by name and then by value."""
    pairs = ((_encoded(name), _encoded(value)) for name, value in _raw_pairs(query))
    return "&".join(f"{n}={v}" for n, v in sorted(pairs) if n != "X-Amz-Signature")


def _canonical_headers(
    headers: Iterable[tuple[bytes, bytes]], names: Iterable[str]
) -> Iterable[str]:
    """Write a line for each signed name; blanks within a value are single, values of one name joined."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        lower = name.decode("latin-1").lower()
        values.setdefault(lower, []).append(" ".join(_text(value).split()))
    return (f"{name}:{','.join(values.get(name, []))}" for name in names)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _raw_pairs(query: str) -> Iterable[tuple[str, str]]:
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if part:
            yield name, value


def _pairs(query: str) -> Iterable[tuple[str, str]]:
    for name, value in _raw_pairs(query):
        yield _decoded(name), _decoded(value)


def _decoded(text: str) -> str:
    """Resolve percent escapes; a plus is a plus (RFC 3986)."""
    return unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")


def _encoded(text: str) -> str:
    raw = unquote_to_bytes(text.encode("utf-8", "surrogateescape"))
    return quote(raw, safe=_UNRESERVED)


def _signature(secret_access_key: str, signature: Signature, signed: str) -> str:
    key = f"AWS4{secret_access_key}".encode()
    for part in signature.scope.split("/"):
        key = _hmac(key, part)
    return _hmac(key, signed).hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "surrogateescape"), "sha256")
