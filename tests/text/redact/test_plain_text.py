"""The values of secret names are found in what is no JSON."""

import pytest

from oidc_sim.text.redact import redact
from oidc_sim.text.redact.plain_text import named_values

SECRET = b"head-THE-MIDDLE-0F-IT-tail"
FORM = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n%b\r\n%b\r\n--x--\r\n'


@pytest.mark.parametrize(
    "text",
    [
        b"name=stays;refreshToken=%b",
        b"refreshToken=%b;name=stays",
        b"refreshToken=%b, name=stays",
        b"x[refreshToken]=%b&y=stays",
        b"x%%5BrefreshToken%%5D=%b&y=stays",
        b"aws_secret_access_key=%b&y=stays",
        b"/cb#access_token=%b&y=stays",
        b"[default]\naws_secret_access_key = %b\nregion = stays\n",
        b"password: %b\nuser: stays\n",
        b"token='%b' user='stays'",
        b'<a token="%b" user="stays">',
        b"{clientSecret => '%b', user => 'stays'}",
        b"X-Auth-Token: %b\r\nHost: stays\r\n",
        b"Cookie: a=b; sid=%b\r\nHost: stays",
        b"<x><refreshToken>%b</refreshToken><y>stays</y></x>",
        b"<x><s:Secret a='1'><![CDATA[%b]]></s:Secret><y>stays</y></x>",
        b"<Token><a><b>%b</b></a></Token><y>stays</y>",
        b"<y>stays</y><Token><a>%b",
        b'<input type="hidden" name="SAMLResponse" value="%b"/><p>stays</p>',
        b"<input value='%b' name='csrf_token'><p>stays</p>",
        FORM % (b"refreshToken", b"", b"%b") + b"stays",
        FORM % (b"x[secret]", b"Content-Type: text/plain\r\n", b"%b") + b"stays",
        b'stays\n--x\nContent-Disposition: form-data; name="token"; filename="t"\n\n%b',
        b"ValueError(\"bad {'deviceCode': '%b', 'clientId': 'stays'}\")",
    ],
)
def test_the_secret_is_cut_and_its_neighbour_stays(text: bytes) -> None:
    shown = redact(text % SECRET)
    assert b"MIDDLE" not in shown
    assert b"stays" in shown
    assert redact(shown) == shown


def test_a_password_may_have_a_semicolon_in_it() -> None:
    shown = redact(b"password=a;b,c;THE-MIDDLE;x&y=1")
    assert b"MIDDLE" not in shown
    assert shown.endswith(b"&y=1")


@pytest.mark.parametrize(
    "text",
    [
        b"error: invalid token: expired",
        b"authorization: pending, cookie: none",
        b"token: x, password: missing, code: 400",
        b"grant_type=refresh_token&response_type=code&state=abcdefgh12345678",
        b"urn:ietf:params:oauth:token-type:access_token",
        b"hold code=WDJB-1234 times=3",
        b"code=wdjbmjht",
        b"user_code=WDJB-MJHT&client_id=abcdefghijklmnop12",
        b"<input name='user_code' value='WDJB-MJHT'><a href='/token'>x</a>",
        b"<tokenType>Bearer</tokenType><Token/>x<Arn>arn:aws:sts::1:x</Arn>",
        FORM % (b"file", b"", b"abcdefgh12345678"),
        b"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-SignedHeaders=host&X-Amz-Expires=60",
        b"token=",
    ],
)
def test_what_is_no_secret_stays(text: bytes) -> None:
    assert redact(text) == text
    assert list(named_values(text)) == []
