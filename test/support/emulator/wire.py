"""What an AWS request says about itself, and how errors are written in its protocol.

Organizations, Secrets Manager and DynamoDB speak JSON (the operation is in the
X-Amz-Target header); IAM, STS and SNS speak the query protocol (a form, answered in XML). Account
Management and Security Hub send their JSON to a path for each operation. S3 has no names for what is asked: it is the method and
the path.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import uuid4
from xml.sax.saxutils import escape

from http_server import Answer, HttpRequest

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/[^/]+/([^/]+)/([^/]+)/aws4_request")


_POLICY_NAMES = {"monitoring": "cloudwatch"}
_BY_PATH = {"account"}
_OPERATIONS_OF_PATHS = {
    ("securityhub", "POST", "/findings/import"): "BatchImportFindings",
    ("securityhub", "POST", "/findings"): "GetFindings",
    ("securityhub", "POST", "/accounts"): "EnableSecurityHub",
}


class AwsError(Exception):
    """An error, with its names in either protocol."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        json_code: str | None = None,
        json_status: int | None = None,
    ):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status
        self.json_code, self.json_status = json_code or code, json_status or status


@dataclass(frozen=True)
class AwsRequest:
    http: HttpRequest
    access_key_id: str
    region: str
    service: str
    operation: str
    is_json: bool
    form: dict[str, str]  # query protocol: every parameter; JSON: empty
    document: dict  # JSON protocol: the whole body; query: empty

    @property
    def action(self) -> str:
        """As policies write it: some services are signed for under another name."""
        return f"{_POLICY_NAMES.get(self.service, self.service)}:{self.operation}"

    def parameter(self, name: str):
        return self.document.get(name) if self.is_json else self.form.get(name)


def parse(http: HttpRequest) -> AwsRequest:
    credential = _CREDENTIAL.search(http.headers.get("authorization", ""))
    access_key_id, region, service = credential.groups() if credential else ("", "", "")
    if service == "s3":
        return _s3_request(http, access_key_id, region)
    target = http.headers.get("x-amz-target")
    if target is None and service in _BY_PATH:
        name = http.path.strip("/")
        target = name[:1].upper() + name[1:]
    target = target or _OPERATIONS_OF_PATHS.get((service, http.method, http.path))
    if service == "lambda" and http.path.endswith("/invocations"):
        # Its body is the event of the function, which is nobody else's business.
        kind = http.headers.get("x-amz-invocation-type", "RequestResponse")
        return AwsRequest(
            http, access_key_id, region, service, "InvokeFunction", True, {}, {"InvocationType": kind}
        )
    if target is not None:
        try:
            document = json.loads(http.body or b"{}")
        except ValueError:
            document = {}
        return AwsRequest(
            http, access_key_id, region, service, target.split(".")[-1], True, {}, document
        )
    encoded = http.body.decode("utf-8", "replace") or http.query
    form = dict(parse_qsl(encoded, keep_blank_values=True))
    return AwsRequest(
        http, access_key_id, region, service, form.get("Action", "?"), False, form, {}
    )


_S3_OPERATIONS = {"GET": "GetObject", "PUT": "PutObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}
_S3_OF_BUCKETS = {"GET": "ListBucket", "PUT": "CreateBucket"}


def _s3_request(http: HttpRequest, access_key_id: str, region: str) -> AwsRequest:
    bucket, _, key = http.path.lstrip("/").partition("/")
    operation = (_S3_OPERATIONS if key else _S3_OF_BUCKETS).get(http.method, "?")
    return AwsRequest(
        http, access_key_id, region, "s3", operation, False, {"Bucket": bucket, "Key": key}, {}
    )


def error_answer(request: AwsRequest, error: AwsError) -> Answer:
    if request.is_json:
        body = json.dumps({"__type": error.json_code, "message": error.message})
        return Answer(
            error.json_status,
            body.encode(),
            {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": error.json_code},
        )
    side = "Sender" if error.status < 500 else "Receiver"
    body = (
        f"<ErrorResponse><Error><Type>{side}</Type><Code>{escape(error.code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error>"
        f"<RequestId>{uuid4()}</RequestId></ErrorResponse>"
    )
    return Answer(error.status, body.encode(), {"Content-Type": "text/xml"})
