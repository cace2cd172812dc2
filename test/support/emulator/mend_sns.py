"""SNS: moto forgets a message's structure and doesn't check its subject; AWS refuses subjects
over 100 characters, with line breaks or beyond ASCII, and messages over 256 KB."""

import re

from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import Topic

_SUBJECT = re.compile(r"[\x20-\x7e]{1,100}")
_MOST_BYTES = 256 * 1024


def install() -> None:
    Topic.publish = _publish(Topic.publish)


def _publish(original):
    def publish(self: Topic, message: str, subject: str | None = None, **rest) -> str:
        if subject is not None and not _SUBJECT.fullmatch(subject):
            raise SNSInvalidParameter("Invalid parameter: Subject")
        if len(message.encode()) > _MOST_BYTES:
            raise SNSInvalidParameter("Invalid parameter: Message too long")
        message_id = original(self, message, subject=subject, **rest)
        structures = self.__dict__.setdefault("message_structures", {})
        structures[message_id] = rest.get("message_structure")
        return message_id

    return publish
