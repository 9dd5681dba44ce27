"""Verification of signatures, against AWS's published examples and against botocore's signers."""

import string
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.wire.sigv4 import (
    Flaw,
    Signature,
    SignedRequest,
    canonical_request,
    is_signed_by,
    read_signature,
    string_to_sign,
)
from tests.wire.signing import ACCESS_KEY, SECRET, signed

FORM = b"Action=GetCallerIdentity&Version=2011-06-15"
AN_INSTANT = "20150830T123600Z"


def reads(request: SignedRequest) -> Signature:
    signature = read_signature(request)
    assert isinstance(signature, Signature), signature
    return signature


def is_good(request: SignedRequest, secret: str = SECRET) -> bool:
    signature = read_signature(request)
    return isinstance(signature, Signature) and is_signed_by(request, signature, secret)


def example(value: str, names: str, service: str) -> Signature:
    return Signature(
        access_key_id="AKIDEXAMPLE",
        instant=AN_INSTANT,
        region="us-east-1",
        service=service,
        signed_headers=tuple(names.split(";")),
        value=value,
        session_token=None,
        is_presigned=False,
    )


def test_the_example_of_awss_guide_verifies() -> None:
    request = SignedRequest(
        method="GET",
        path="/",
        query="Action=ListUsers&Version=2010-05-08",
        headers=(
            (b"Host", b"iam.amazonaws.com"),
            (b"Content-Type", b"application/x-www-form-urlencoded; charset=utf-8"),
            (b"X-Amz-Date", AN_INSTANT.encode()),
        ),
        body=b"",
    )
    value = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    signature = example(value, "content-type;host;x-amz-date", "iam")
    canonical = canonical_request(request, signature)
    assert string_to_sign(signature, canonical).endswith(
        "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"
    )
    assert is_signed_by(request, signature, SECRET)
    assert not is_signed_by(request, signature, SECRET + "x")


def test_the_plainest_case_of_awss_test_suite_verifies() -> None:
    request = SignedRequest(
        method="GET",
        path="/",
        query="",
        headers=((b"Host", b"example.amazonaws.com"), (b"X-Amz-Date", AN_INSTANT.encode())),
        body=b"",
    )
    value = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    assert is_signed_by(request, example(value, "host;x-amz-date", "service"), SECRET)


@pytest.mark.parametrize("presigned", [False, True])
@pytest.mark.parametrize("token", [None, "IQoJb3JpZ2luX2VjEXAMPLE+/="])
def test_what_botocore_signs_verifies(token: str | None, *, presigned: bool) -> None:
    target = "/?Action=GetCallerIdentity&Version=2011-06-15"
    request = signed("GET", target, token=token, presigned=presigned, region="eu-west-1")
    signature = reads(request)
    assert signature.access_key_id == ACCESS_KEY
    assert signature.scope.endswith("/eu-west-1/sts/aws4_request")
    assert (signature.session_token, signature.is_presigned) == (token, presigned)
    assert is_good(request)
    assert not is_good(request, "another secret")


SEGMENTS = st.lists(
    st.text(string.ascii_letters + "-._~ %/+é:@!$&'()*,;=", max_size=6).map(
        lambda text: quote(text, safe="/:@!$&'()*+,;=")
    ),
    max_size=4,
)
PAIRS = st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=4)
VALUES = st.text(string.printable.replace("\r", "").replace("\n", ""), max_size=12)
NAMES = st.sampled_from(["X-One", "x-two", "Content-Type", "X-Amz-Meta", "ETag"])


def encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in pairs if n)


@given(
    method=st.sampled_from(["GET", "POST", "PUT"]),
    segments=SEGMENTS,
    pairs=PAIRS,
    headers=st.dictionaries(NAMES, VALUES, max_size=3),
    body=st.binary(max_size=40),
)
def test_whatever_botocore_signs_in_a_header_verifies(
    method: str,
    segments: list[str],
    pairs: list[tuple[str, str]],
    headers: dict[str, str],
    body: bytes,
) -> None:
    target = "/" + "/".join(segments) + (f"?{encoded(pairs)}" if encoded(pairs) else "")
    assert is_good(signed(method, target, headers, body))


@pytest.mark.parametrize(
    "path",
    [
        "/a/../b",
        "/..",
        "/a/./b/",
        "//a//b",
        "/a/..",
        "/./",
        "/a/.../b",
        "/%2e%2e/x",
        "/a/b/../../c",
    ],
)
def test_a_path_is_cleaned_as_botocore_cleans_it(path: str) -> None:
    assert is_good(signed("GET", path))


@given(
    pairs=st.dictionaries(st.text(min_size=1, max_size=6), st.text(max_size=6), max_size=4),
    token=st.none() | st.text(string.ascii_letters + "+/=", min_size=1),
)
def test_whatever_botocore_presigns_verifies(pairs: dict[str, str], token: str | None) -> None:
    query = encoded(list(pairs.items()))
    assert is_good(signed("GET", f"/?{query}", token=token, presigned=True))


CHANGES = {
    "method": lambda it: replace(it, method="GET"),
    "path": lambda it: replace(it, path="/x"),
    "query": lambda it: replace(it, query=it.query + "&x=1" if it.query else "x=1"),
    "body": lambda it: replace(it, body=it.body + b" "),
    "host": lambda it: replace(
        it,
        headers=tuple((n, b"evil" if n == b"Host" else v) for n, v in it.headers),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("presigned", [False, True])
def test_a_request_that_was_changed_on_its_way_does_not_verify(
    change: object, *, presigned: bool
) -> None:
    request = signed("POST", "/?a=b", body=b"" if presigned else FORM, presigned=presigned)
    assert is_good(request)
    assert callable(change)
    changed = change(request)
    assert isinstance(read_signature(changed), Signature)
    assert not is_good(changed)


def test_a_date_that_was_changed_on_its_way_does_not_verify() -> None:
    request = signed(body=FORM)
    instant = reads(request).instant
    other = instant[:9] + ("000000" if instant[9:15] != "000000" else "000001") + "Z"
    headers = tuple((n, other.encode() if n == b"X-Amz-Date" else v) for n, v in request.headers)
    assert not is_good(replace(request, headers=headers))


def test_headers_that_a_proxy_adds_change_nothing() -> None:
    request = signed(body=FORM)
    assert is_good(replace(request, headers=(*request.headers, (b"X-Forwarded-For", b"::1"))))


def test_a_signed_header_that_a_proxy_took_away_is_missed() -> None:
    request = signed(headers={"X-One": "1"}, body=FORM)
    headers = tuple(it for it in request.headers if it[0] != b"X-One")
    assert not is_good(replace(request, headers=headers))


GOOD = (
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20150830/us-east-1/sts/aws4_request, "
    f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
)


def with_headers(authorization: str | None, instant: str | None = AN_INSTANT) -> SignedRequest:
    headers = [(b"host", b"x")]
    if authorization is not None:
        headers.append((b"authorization", authorization.encode()))
    if instant is not None:
        headers.append((b"x-amz-date", instant.encode()))
    return SignedRequest(method="POST", path="/", query="", headers=tuple(headers), body=b"")


def test_the_form_alone_is_read_without_blanks_and_in_any_order() -> None:
    _, credential, names, value = GOOD.split(" ")
    words = [value, names.rstrip(","), credential.rstrip(",")]
    request = with_headers("AWS4-HMAC-SHA256 " + ",".join(words))
    assert reads(request) == reads(with_headers(GOOD))


@pytest.mark.parametrize(
    ("authorization", "instant", "flaw"),
    [
        (None, AN_INSTANT, Flaw.MISSING),
        ("", AN_INSTANT, Flaw.ALGORITHM),
        ("Bearer x", AN_INSTANT, Flaw.ALGORITHM),
        ("AWS AKIAIOSFODNN7EXAMPLE:x", AN_INSTANT, Flaw.ALGORITHM),
        (GOOD.replace("AWS4-HMAC", "AWS4-ECDSA-P256"), AN_INSTANT, Flaw.ALGORITHM),
        ("AWS4-HMAC-SHA256", AN_INSTANT, Flaw.FIELDS),
        (GOOD.rpartition(", ")[0], AN_INSTANT, Flaw.FIELDS),
        (GOOD + ", Signature=" + "0" * 64, AN_INSTANT, Flaw.FIELDS),
        (GOOD.replace("Signature", "signature"), AN_INSTANT, Flaw.FIELDS),
        (GOOD.replace("AKIAIOSFODNN7EXAMPLE", "SHORT"), AN_INSTANT, Flaw.CREDENTIAL),
        (
            GOOD.replace("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7/EXAMPLE"),
            AN_INSTANT,
            Flaw.CREDENTIAL,
        ),
        (GOOD.replace("aws4_request", "aws3_request"), AN_INSTANT, Flaw.CREDENTIAL),
        (GOOD.replace("/us-east-1", ""), AN_INSTANT, Flaw.CREDENTIAL),
        (GOOD.replace("20150830", "2015830"), AN_INSTANT, Flaw.CREDENTIAL),
        (GOOD, None, Flaw.INSTANT),
        (GOOD, "20150831T123600Z", Flaw.INSTANT),
        (GOOD, "20150830T243600Z", Flaw.INSTANT),
        (GOOD, "20150830T123600", Flaw.INSTANT),
        (GOOD.replace("20150830", "20151330"), "20151330T123600Z", Flaw.INSTANT),
        (GOOD.replace("host;", ""), AN_INSTANT, Flaw.HEADERS),
        (GOOD.replace(";x-amz-date", ""), AN_INSTANT, Flaw.HEADERS),
        (GOOD.replace("host;", "Host;"), AN_INSTANT, Flaw.HEADERS),
        (GOOD.replace("host;", "host;;"), AN_INSTANT, Flaw.HEADERS),
        (GOOD[:-1], AN_INSTANT, Flaw.SIGNATURE),
        (GOOD[:-1] + "G", AN_INSTANT, Flaw.SIGNATURE),
        (GOOD[:-1] + "A", AN_INSTANT, Flaw.SIGNATURE),
    ],
)
def test_what_is_wrong_with_the_form_is_told(
    authorization: str | None, instant: str | None, flaw: Flaw
) -> None:
    assert read_signature(with_headers(authorization, instant)) is flaw


@pytest.mark.parametrize(
    ("was", "becomes", "flaw"),
    [
        ("X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Algorithm=x", Flaw.ALGORITHM),
        ("X-Amz-Credential", "X-Amz-Credentials", Flaw.FIELDS),
        ("X-Amz-Date", "X-Amz-Day", Flaw.INSTANT),
        ("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=x", Flaw.HEADERS),
        ("X-Amz-Algorithm", "X", Flaw.MISSING),
    ],
)
def test_what_is_wrong_with_a_presigned_form_is_told(was: str, becomes: str, flaw: Flaw) -> None:
    request = signed("GET", "/?a=b", presigned=True)
    assert was in request.query
    assert read_signature(replace(request, query=request.query.replace(was, becomes))) is flaw


def test_two_authorizations_are_none() -> None:
    request = with_headers(GOOD)
    twice = replace(request, headers=(*request.headers, (b"Authorization", GOOD.encode())))
    assert read_signature(twice) is Flaw.MISSING


@given(
    authorization=st.text() | st.builds("AWS4-HMAC-SHA256 {}".format, st.text()),
    query=st.text(st.characters(exclude_categories=["Cs"])),
    header=st.tuples(st.binary(), st.binary()),
)
def test_no_text_makes_the_reader_raise(
    authorization: str, query: str, header: tuple[bytes, bytes]
) -> None:
    value = authorization.encode("utf-8", "surrogatepass")
    request = SignedRequest(
        method="GET",
        path="/",
        query="X-Amz-Algorithm=AWS4-HMAC-SHA256&" + query,
        headers=((b"authorization", value), header),
        body=b"",
    )
    assert isinstance(read_signature(request), Flaw)
    presigned = replace(request, headers=(header,))
    assert isinstance(read_signature(presigned), Flaw)
    names = tuple(name.decode("latin-1").lower() for name, _ in request.headers)
    is_signed_by(request, replace(reads(with_headers(GOOD)), signed_headers=names), SECRET)
