"""Starts the emulator: prints {"port": ...} when it is ready, and ends when its stdin does, so
that it never survives the process that started it."""

import json
import os
import signal
import sys

# boto3 is imported by moto and mustn't find anyone's real credentials, even by accident.
os.environ.update(
    AWS_ACCESS_KEY_ID="emulator",
    AWS_SECRET_ACCESS_KEY="emulator",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_EC2_METADATA_DISABLED="true",
)

import clock  # noqa: E402

clock.install()  # before anything imports a service of moto's

import admin  # noqa: E402
import gateway  # noqa: E402
import http_server  # noqa: E402
import patch_account  # noqa: E402
import patch_cloudformation  # noqa: E402
import patch_cloudtrail  # noqa: E402
import patch_credential_report  # noqa: E402
import patch_dynamodb  # noqa: E402
import patch_events  # noqa: E402
import patch_iam  # noqa: E402
import patch_lambda  # noqa: E402
import patch_organizations  # noqa: E402
import patch_replicas  # noqa: E402
import patch_secrets  # noqa: E402
import patch_securityhub  # noqa: E402
import patch_sns  # noqa: E402
import patch_speed  # noqa: E402
import patch_sts  # noqa: E402
import patch_subscriptions  # noqa: E402
import state  # noqa: E402
import state_machines  # noqa: E402


def handle(request: http_server.HttpRequest) -> http_server.Answer:
    about_us = request.path.startswith(admin.PREFIX)
    return admin.answer(request) if about_us else gateway.answer(request)


def main() -> None:
    # Ctrl-C reaches the whole process group. The parent decides; its end closes our stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clock.install_in_secrets_manager()
    for patch in (
        patch_account,
        patch_cloudformation,
        patch_cloudtrail,
        patch_credential_report,
        patch_dynamodb,
        patch_events,
        patch_iam,
        patch_lambda,
        patch_organizations,
        patch_replicas,
        patch_secrets,
        patch_securityhub,
        patch_sns,
        patch_speed,
        patch_sts,
        patch_subscriptions,
    ):
        patch.install()
    state.reset()
    port = http_server.serve(handle)
    state_machines.run_for(port)
    print(json.dumps({"port": port}), flush=True)
    sys.stdin.buffer.read()
    os._exit(0)  # nothing is worth tidying up; the orderly way takes a fifth of a second


main()
