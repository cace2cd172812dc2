"""Who is subscribed to a topic, seen from outside, and what their owners do."""

from patch_subscriptions import set_confirmed
from moto.sns.models import Subscription, Topic, sns_backends


def of_topic(topic_arn: str) -> list[dict]:
    return [_described(subscription) for subscription in _of_topic(topic_arn)]


def confirm(topic_arn: str, endpoint: str) -> None:
    """What the link in the e-mail does."""
    found = [one for one in _of_topic(topic_arn) if one.endpoint == endpoint]
    if not found:
        raise ValueError(f"{endpoint} isn't subscribed to {topic_arn}")
    for subscription in found:
        set_confirmed(subscription, True)


def reached(topic: Topic, message: str, attributes: dict) -> list[str]:
    """Endpoints that a message is delivered to."""
    return [
        one.endpoint
        for one in topic.sns_backend._get_topic_subscriptions(topic)
        if one.confirmed
        and (one._filter_policy is None or one._filter_policy_matcher.matches(attributes, message))
    ]


def _of_topic(topic_arn: str) -> list[Subscription]:
    region, account_id = [*topic_arn.split(":"), "", "", "", "", ""][3:5]
    backend = dict.get(dict.get(sns_backends, account_id) or {}, region)
    topic = backend.topics.get(topic_arn) if backend else None
    if topic is None:
        raise ValueError(f"there is no topic {topic_arn}")
    return backend._get_topic_subscriptions(topic)


def _described(subscription: Subscription) -> dict:
    fields = {
        "endpoint": subscription.endpoint,
        "protocol": subscription.protocol,
        "confirmed": subscription.confirmed,
        "filterPolicy": subscription._filter_policy,
    }
    return {name: value for name, value in fields.items() if value is not None}
