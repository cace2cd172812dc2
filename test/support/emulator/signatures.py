"""Is a request signed with the secret of its key? Signature Version 4, checked as AWS does it."""

import hashlib
import hmac
import re
from urllib.parse import parse_qsl, quote

from http_server import HttpRequest
from wire import AwsError, AwsRequest

_PART = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]+)")


def check(request: AwsRequest, secret: str) -> None:
    parts = dict(_PART.findall(request.http.headers.get("authorization", "")))
    given = parts.get("Signature", "")
    if not hmac.compare_digest(_signature(request.http, parts, secret), given):
        raise AwsError(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
            403,
            json_code="InvalidSignatureException",
            json_status=400,
        )


def _signature(http: HttpRequest, parts: dict[str, str], secret: str) -> str:
    _, date, region, service, _ = parts["Credential"].split("/")
    scope = f"{date}/{region}/{service}/aws4_request"
    canonical = hashlib.sha256(_canonical(http, parts.get("SignedHeaders", "")).encode()).hexdigest()
    to_sign = "\n".join(
        ["AWS4-HMAC-SHA256", http.headers.get("x-amz-date", ""), scope, canonical]
    )
    key = ("AWS4" + secret).encode()
    for part in [date, region, service, "aws4_request"]:
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, to_sign.encode(), "sha256").hex()


def _canonical(http: HttpRequest, signed: str) -> str:
    query = sorted((_encoded(k), _encoded(v)) for k, v in parse_qsl(http.query, True))
    headers = [
        f"{name}:{' '.join(http.headers.get(name, '').split())}\n" for name in signed.split(";")
    ]
    body = http.headers.get("x-amz-content-sha256") or hashlib.sha256(http.body).hexdigest()
    # The path comes decoded, and is signed encoded twice.
    path = quote(quote(http.path, safe="/~"), safe="/~")
    return "\n".join(
        [http.method, path, "&".join(f"{k}={v}" for k, v in query), "".join(headers), signed, body]
    )


def _encoded(text: str) -> str:
    return quote(text, safe="~")
