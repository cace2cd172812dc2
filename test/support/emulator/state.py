"""Everything a test may have changed, and the way back from it."""

import sys

import callers
import calls
import clock
import faults
import paging
import patch_cloudtrail
import patch_credential_report
import patch_events
import patch_iam
import patch_organizations
import patch_sns
import patch_subscriptions
import process_kills
import random_faults
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
        random_faults,
        process_kills,
        patch_cloudtrail,
        patch_credential_report,
        patch_events,
        patch_iam,
        patch_organizations,
        patch_sns,
        patch_subscriptions,
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
    # The names of buckets are everybody's, and kept beside the accounts. Few tests load them.
    buckets = sys.modules.get("moto.s3.models")
    if buckets is not None:
        buckets.s3_backends.bucket_accounts.clear()
    for models in model_data.values():
        for model in models.values():
            model.instances_tracked.clear()
