"""State machines that really run. moto's interpreter makes its calls over HTTP, to the emulator; but those to
Lambda, which needs Docker there, go to a server of the test.

It is loaded on demand: parsing states takes moto a second to learn.
"""

import copy
import json
import os

_lambda_endpoint = ""
_installed = False


def run_for(port: int) -> None:
    """Where the interpreter finds the emulator."""
    os.environ["MOTO_PORT"] = str(port)


def invoke_at(endpoint: str) -> None:
    """Functions are invoked there from now on."""
    global _lambda_endpoint
    _lambda_endpoint = endpoint
    _install()


def _install() -> None:
    global _installed
    if _installed:
        return
    _installed = True
    from moto.core.config import default_user_config
    from moto.stepfunctions.models import StateMachine
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
        StateTaskServiceAwsSdk,
    )

    default_user_config["stepfunctions"]["execute_state_machine"] = True
    # The executions hold locks, which can't be copied; what is copied is the definition.
    StateMachine.__deepcopy__ = _without_executions
    lambda_eval_utils.boto_client_for = _lambda_client
    # What is JSON in a state is written as JSON into an object of S3.
    calling = StateTaskServiceAwsSdk._eval_service_task

    def call(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        body = normalised_parameters.get("Body")
        if isinstance(body, (dict, list)):
            normalised_parameters = {**normalised_parameters, "Body": json.dumps(body).encode()}
        calling(self, env, resource_runtime_part, normalised_parameters, state_credentials)

    StateTaskServiceAwsSdk._eval_service_task = call


def _without_executions(machine, _memo):
    same = copy.copy(machine)
    same.executions = []
    return same


def _lambda_client(region: str, service: str, state_credentials=None):
    import boto3
    from botocore.config import Config

    return boto3.client(
        service_name=service,
        region_name=region,
        endpoint_url=_lambda_endpoint,
        aws_access_key_id="interpreter",
        aws_secret_access_key="interpreter",
        # Retries are what the definition says.
        config=Config(retries={"max_attempts": 0, "total_max_attempts": 1}, read_timeout=900),
    )
