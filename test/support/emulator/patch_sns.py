"""SNS: what was published is kept in order, with the message's structure, which moto forgets.
AWS refuses subjects over 100 characters, with line breaks or beyond ASCII, and messages over
256 KB."""

import re

import subscribers
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import Topic

_SUBJECT = re.compile(r"[\x20-\x7e]{1,100}")
_MOST_BYTES = 256 * 1024

_published: list[dict] = []


def install() -> None:
    Topic.publish = _publish(Topic.publish)


def published() -> list[dict]:
    return list(_published)


def reset() -> None:
    _published.clear()


def _publish(original):
    def publish(self: Topic, message: str, subject: str | None = None, **rest) -> str:
        if subject is not None and not _SUBJECT.fullmatch(subject):
            raise SNSInvalidParameter("Invalid parameter: Subject")
        if len(message.encode()) > _MOST_BYTES:
            raise SNSInvalidParameter("Invalid parameter: Message too long")
        message_id = original(self, message, subject=subject, **rest)
        attributes = rest.get("message_attributes") or {}
        fields = {
            "topicArn": self.arn,
            "subject": subject,
            "message": message,
            "messageStructure": rest.get("message_structure"),
            "attributes": {name: str(value["Value"]) for name, value in attributes.items()},
            "deliveredTo": subscribers.reached(self, message, attributes),
        }
        _published.append({name: value for name, value in fields.items() if value is not None})
        return message_id

    return publish
