"""Lambda without Docker: who may invoke a function is told, and that is all that happens. Tests that
want it to do something have test/support/deployed-function.ts before the emulator."""

from urllib.parse import unquote

from moto.awslambda.responses import LambdaResponse


def install() -> None:
    LambdaResponse.invoke = _invoke


def _invoke(self: LambdaResponse) -> tuple[int, dict[str, str], str]:
    self.backend.get_function(unquote(self.path.rsplit("/", 2)[-2]))
    dry = self.headers.get("X-Amz-Invocation-Type") == "DryRun"
    return 204 if dry else 200, {"content-type": "application/json"}, "" if dry else "null"
