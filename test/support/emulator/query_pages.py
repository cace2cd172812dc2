"""Corrupts DynamoDB's pages after moto has answered: their start key is no token of ours."""

import json

from http_server import Answer
from wire import AwsRequest

_BEFORE_ALL = " "
_AFTER_ALL = "~"


def is_query(request: AwsRequest) -> bool:
    return request.action == "dynamodb:Query"


def emptied(request: AwsRequest, answer: Answer) -> Answer:
    """Nothing on it, and yet a key to go on from."""
    return _changed(answer, Items=[], Count=0, ScannedCount=0, LastEvaluatedKey=_start(request))


def repeated(request: AwsRequest, answer: Answer) -> Answer:
    """What is on it, and a key that leads to it again."""
    return _changed(answer, LastEvaluatedKey=_start(request))


def _start(request: AwsRequest) -> dict:
    known = request.document.get("ExclusiveStartKey")
    if known is not None:
        return known
    ascending = request.document.get("ScanIndexForward", True)
    partition = request.document["ExpressionAttributeValues"][":pk"]
    return {"pk": partition, "sk": {"S": _BEFORE_ALL if ascending else _AFTER_ALL}}


def _changed(answer: Answer, **members) -> Answer:
    if answer.status != 200:
        return answer
    kept = {k: v for k, v in answer.headers.items() if k.lower() != "x-amz-crc32"}
    return Answer(answer.status, json.dumps(json.loads(answer.body) | members).encode(), kept)
