from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.wire.portal import BAD_SIZE, BAD_TOKEN, ListPage, next_token, read_page

KEY = b"k" * 32


def walk(total: int, size: int | None) -> list[ListPage]:
    """All pages of a list, as a client goes through them."""
    query = {} if size is None else {"max_result": str(size)}
    pages = []
    while True:
        page = read_page(query, "accounts", KEY)
        assert isinstance(page, ListPage)
        pages.append(page)
        token = next_token(page, total, "accounts", KEY)
        if token is None:
            return pages
        query["next_token"] = token


@given(st.integers(0, 500), st.none() | st.integers(1, 100))
def test_going_through_pages_shows_each_item_once(total: int, size: int | None) -> None:
    """wire.md#83."""
    items = list(range(total))
    assert [it for page in walk(total, size) for it in items[page.start : page.end]] == items


def test_without_a_number_a_page_has_twenty() -> None:
    assert read_page({}, "accounts", KEY) == ListPage(0, 20)


@pytest.mark.parametrize("text", ["0", "101", "-1", "1.5", "", "x", "٣", "1" * 5000, "+5", " 5"])
def test_a_number_of_results_is_from_1_to_100(text: str) -> None:
    assert read_page({"max_result": text}, "accounts", KEY) is BAD_SIZE


@pytest.mark.parametrize(("text", "size"), [("1", 1), ("100", 100), ("007", 7)])
def test_a_number_within_them_is_taken(text: str, size: int) -> None:
    assert read_page({"max_result": text}, "accounts", KEY) == ListPage(0, size)


def test_a_token_leads_to_the_same_page_each_time() -> None:
    token = next_token(ListPage(20, 20), 100, "accounts", KEY)
    assert token is not None
    for size in ("20", "20", "7"):
        page = read_page({"next_token": token, "max_result": size}, "accounts", KEY)
        assert page == ListPage(40, int(size))


def test_a_token_is_good_for_its_list_and_its_server_only() -> None:
    token = next_token(ListPage(0, 20), 100, "accounts", KEY)
    assert token is not None
    assert read_page({"next_token": token}, "111122223333", KEY) is BAD_TOKEN
    assert read_page({"next_token": token}, "accounts", b"another") is BAD_TOKEN


def test_no_bit_of_a_token_can_be_changed() -> None:
    token = next_token(ListPage(0, 20), 100, "accounts", KEY) or ""
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        text = urlsafe_b64encode(changed).rstrip(b"=").decode()
        assert read_page({"next_token": text}, "accounts", KEY) is BAD_TOKEN


@given(st.text())
def test_a_token_that_was_made_up_is_noticed(token: str) -> None:
    assert read_page({"next_token": token}, "accounts", KEY) is BAD_TOKEN
