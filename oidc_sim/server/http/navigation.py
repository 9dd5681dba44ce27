"""What a browser opens an address for."""

from aiohttp.web import BaseRequest


def is_navigation(request: BaseRequest) -> bool:
    """Whether a person may be looking at the answer.

    A page elsewhere can load our address as a picture twenty times: that would use up everybody's
    attempts at user codes, or begin twenty sign-ins. A browser says what it loads a thing for; a
    program says nothing and is taken at its word.
    """
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"
