"""Everything a test may have changed, and the way back from it."""

import callers
import calls
import clock
import deaths
import faults
import lottery
import mend_credential_report
import mend_events
import mend_iam
import mend_organizations
import mend_sns
import mend_subscriptions
import paging
import rates
from moto.core.base_backend import BackendDict, backend_lock
from moto.core.model_instances import model_data
from moto.moto_api._internal import mock_random

# Whatever moto makes up (ids, keys, secrets) comes out the same after every reset:
# a test that fails fails again.
_CHANCE = 20260101


def reset() -> None:
    clock.reset()
    reset_but_clock()


def reset_but_clock() -> None:
    for module in (
        callers,
        lottery,
        deaths,
        mend_credential_report,
        mend_events,
        mend_iam,
        mend_organizations,
        mend_sns,
        mend_subscriptions,
        paging,
        rates,
    ):
        module.reset()
    faults.clear()
    calls.forget()
    _forget_accounts()
    mock_random.seed(_CHANCE)


def _forget_accounts() -> None:
    """Drops every backend. moto's own reset would first make each of them anew."""
    with backend_lock:
        for backends in BackendDict._instances:
            backends.clear()
        BackendDict._instances.clear()
    for models in model_data.values():
        for model in models.values():
            model.instances_tracked.clear()
