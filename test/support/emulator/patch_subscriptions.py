"""SNS subscriptions: those of e-mail addresses are pending until confirmed, and can't be changed or
ended before that; nobody is subscribed twice; a topic takes so many filter policies; lists page."""

import paging
from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSException, SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse

_CONFIRMED_BY_HAND = {"email", "email-json"}
_PAGE = 100
_DEFAULT_SCOPE = "MessageAttributes"
_DEFAULT_QUOTA = 200

_quota = _DEFAULT_QUOTA


class FilterPolicyLimitExceeded(SNSException):
    code = "FilterPolicyLimitExceeded"
    message = "The number of filter policies exceeds the limit of the topic."


def install() -> None:
    SNSBackend.subscribe = _subscribe(SNSBackend.subscribe)
    SNSBackend.set_subscription_attributes = _set_attribute(SNSBackend.set_subscription_attributes)
    response = SNSResponse
    response.subscribe = _answer_subscribe(response.subscribe)
    response.get_subscription_attributes = _of_an_arn(response.get_subscription_attributes)
    response.set_subscription_attributes = _of_a_confirmed(response.set_subscription_attributes)
    response.unsubscribe = _of_a_confirmed(response.unsubscribe)
    response.list_subscriptions = _list_subscriptions
    response.list_subscriptions_by_topic = _list_subscriptions_by_topic


def reset() -> None:
    set_filter_policy_quota(_DEFAULT_QUOTA)


def set_filter_policy_quota(quota: int) -> None:
    global _quota
    _quota = quota


def _subscribe(original):
    def subscribe(self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
        known = self._find_subscription(topic_arn, endpoint, protocol)
        if known is not None:
            return known
        made = original(self, topic_arn, endpoint, protocol)
        set_confirmed(made, protocol not in _CONFIRMED_BY_HAND)
        return made

    return subscribe


def set_confirmed(subscription: Subscription, confirmed: bool) -> None:
    subscription.confirmed = confirmed
    subscription.attributes["PendingConfirmation"] = not confirmed
    # Links in e-mails aren't signed.
    by_hand = subscription.protocol in _CONFIRMED_BY_HAND
    subscription.attributes["ConfirmationWasAuthenticated"] = confirmed and not by_hand


def _set_attribute(original):
    def set_subscription_attributes(self: SNSBackend, arn: str, name: str, value) -> None:
        subscription = self.subscriptions.get(arn)
        if subscription and name == "FilterPolicy" and value and not subscription._filter_policy:
            of_topic = self._get_topic_subscriptions(subscription.topic)
            if sum(bool(one._filter_policy) for one in of_topic) >= _quota:
                raise FilterPolicyLimitExceeded()
        original(self, arn, name, value)

    return set_subscription_attributes


def _answer_subscribe(original):
    def subscribe(self: SNSResponse) -> ActionResult:
        who = [self._get_param(name) for name in ("TopicArn", "Endpoint", "Protocol")]
        known = self.backend._find_subscription(*who)
        if known is not None and known.confirmed:
            _refuse_changes(known, self._get_attributes())
        try:
            arn = original(self).result["SubscriptionArn"]
        except Exception:
            made = self.backend._find_subscription(*who)
            if known is None and made is not None:
                del self.backend.subscriptions[made.arn]
            raise
        pending = not self.backend.subscriptions[arn].confirmed
        hidden = pending and str(self._get_param("ReturnSubscriptionArn")).lower() != "true"
        return ActionResult({"SubscriptionArn": "pending confirmation" if hidden else arn})

    return subscribe


def _refuse_changes(known: Subscription, wanted: dict) -> None:
    """Leaving an attribute out doesn't remove it."""
    current = {"FilterPolicyScope": _DEFAULT_SCOPE, **known.attributes}
    if any(value and value != current.get(name) for name, value in wanted.items()):
        raise SNSInvalidParameter(
            "Invalid parameter: Attributes Reason:"
            " Subscription already exists with different attributes"
        )


def _of_an_arn(original):
    """Lists show `PendingConfirmation` in place of the ARN, which isn't accepted as one."""

    def act(self: SNSResponse) -> ActionResult:
        elements = self._get_param("SubscriptionArn").count(":") + 1
        if elements < 6:
            raise SNSInvalidParameter(
                "Invalid parameter: SubscriptionArn Reason:"
                f" An ARN must have at least 6 elements, not {elements}"
            )
        return original(self)

    return act


def _of_a_confirmed(original):
    def act(self: SNSResponse) -> ActionResult:
        subscription = self.backend.subscriptions.get(self._get_param("SubscriptionArn"))
        if subscription is not None and not subscription.confirmed:
            raise SNSInvalidParameter(
                "Invalid parameter: SubscriptionArn Reason: Subscription is pending confirmation"
            )
        return original(self)

    return _of_an_arn(act)


def _list_subscriptions(self: SNSResponse) -> ActionResult:
    return _page(self, list(self.backend.subscriptions.values()), "listSubscriptions")


def _list_subscriptions_by_topic(self: SNSResponse) -> ActionResult:
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    found = self.backend._get_topic_subscriptions(topic)
    return _page(self, found, "listSubscriptionsByTopic")


def _page(response: SNSResponse, found: list[Subscription], name: str) -> ActionResult:
    try:
        page, token = paging.page(found, response._get_param("NextToken"), None, _PAGE, name)
    except paging.BadToken:
        raise SNSInvalidParameter("Invalid parameter: NextToken") from None
    result = {"Subscriptions": [_listed(subscription) for subscription in page]}
    return ActionResult(result | ({"NextToken": token} if token else {}))


def _listed(subscription: Subscription) -> dict:
    return {
        "SubscriptionArn": subscription.arn if subscription.confirmed else "PendingConfirmation",
        "Owner": subscription.owner,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "TopicArn": subscription.topic.arn,
    }
