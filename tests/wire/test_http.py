"""A response is read, changed and written again."""

from oidc_sim.wire.http import Response, json_members

DATA = b'HTTP/1.1 200 OK\r\nA: 1\r\nb: 2: 3\r\nContent-Length: 7\r\n\r\n{"a":1}'


def test_a_response_that_is_read_and_written_again_is_the_same() -> None:
    response = Response.parse(DATA)
    assert response.data == DATA
    assert (response.status, response.body) == (200, b'{"a":1}')
    assert (response.header("B"), response.header("c")) == (b"2: 3", None)


def test_what_is_no_http_has_no_status() -> None:
    assert [Response.parse(it).status for it in (b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 x\r\n")] == [
        0
    ] * 3


def test_a_header_is_set_in_its_place_added_or_taken_away() -> None:
    response = Response.parse(DATA).having("a", "é").having("B", None).having("C", b"3")
    assert response.head == (b"HTTP/1.1 200 OK\r\nA: \xe9\r\nContent-Length: 7\r\nC: 3\r\n\r\n")


def test_another_body_has_the_length_that_fits_it() -> None:
    assert Response.parse(DATA).saying(b"long enough").header("content-length") == b"11"


def test_json_is_changed_and_what_is_none_or_says_the_same_keeps_its_bytes() -> None:
    response = Response.parse(DATA)
    changed = response.changing(lambda members: {**members, "b": None})
    assert changed.body == b'{"a":1,"b":null}'
    assert changed.header("Content-Length") == b"16"
    spaced = response.saying(b'{ "a": 1 }')
    assert spaced.changing(lambda members: members) is spaced
    for body in (b"[1]", b"{", b"", b"[" * 200_000):
        assert response.saying(body).changing(lambda _: {}).body == body
        assert json_members(body) == {}
