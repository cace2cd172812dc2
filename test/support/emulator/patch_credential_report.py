"""The credential report: made when asked for, ready a moment later, stale after four hours."""

import csv
import io
import time
from dataclasses import dataclass

import clock
from moto.core.responses import ActionResult
from moto.iam.exceptions import IAMException
from moto.iam.models import IAMBackend, User
from moto.iam.responses import IamResponse

_MADE_WITHIN_S = 0.5
_GOOD_FOR_MS = 4 * 60 * 60 * 1000
_DATE = "%Y-%m-%dT%H:%M:%S+00:00"
_COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)


@dataclass
class Report:
    content: str
    made_ms: int
    asked: float = 0.0

    @property
    def ready(self) -> bool:
        return time.monotonic() - self.asked >= _MADE_WITHIN_S

    @property
    def stale(self) -> bool:
        return clock.now_ms() - self.made_ms >= _GOOD_FOR_MS


class ReportExpired(IAMException):
    code = "ReportExpired"
    message = "Credential report expired"


class ReportNotPresent(IAMException):
    code = "ReportNotPresent"
    message = "Credential report not present"


class ReportInProgress(IAMException):
    code = "ReportInProgress"
    message = "Credential report in progress"


_reports: dict[str, Report] = {}


def install() -> None:
    IamResponse.generate_credential_report = _generate
    IamResponse.get_credential_report = _get


def reset() -> None:
    _reports.clear()


def _generate(self: IamResponse) -> ActionResult:
    report = _reports.get(self.current_account)
    if report is None or report.stale:
        _reports[self.current_account] = Report(
            _content(self.backend), clock.now_ms(), time.monotonic()
        )
        description = "No report exists. Starting a new report generation task"
        return ActionResult({"State": "STARTED", "Description": description})
    return ActionResult({"State": "COMPLETE" if report.ready else "INPROGRESS"})


def _get(self: IamResponse) -> ActionResult:
    report = _reports.get(self.current_account)
    if report is None:
        raise ReportNotPresent()
    if report.stale:
        raise ReportExpired()
    if not report.ready:
        raise ReportInProgress()
    made = clock.from_ms(report.made_ms)
    return ActionResult(
        {"Content": report.content, "ReportFormat": "text/csv", "GeneratedTime": made}
    )


def _content(iam: IAMBackend) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_COLUMNS.split(","))
    rows.writerow(_root_row(iam))
    rows.writerows(_user_row(user) for user in iam.users.values())
    return out.getvalue()


_NO_KEY = ["false", "N/A", "N/A", "N/A", "N/A"]
_NO_CERTIFICATES = ["false", "N/A", "false", "N/A"]


def _root_row(iam: IAMBackend) -> list[str]:
    created = "2015-01-01T00:00:00+00:00"
    key = ["true", created, "N/A", "N/A", "N/A"]
    present = iam.account_summary._account_access_keys_present
    password = ["not_supported", "no_information", "not_supported", "not_supported", "true"]
    arn = f"arn:aws:iam::{iam.account_id}:root"
    keys = (key if present else _NO_KEY) + _NO_KEY
    return ["<root_account>", arn, created, *password, *keys, *_NO_CERTIFICATES]


def _user_row(user: User) -> list[str]:
    password = ["true" if user.password else "false", "N/A", "N/A", "N/A"]
    mfa = "true" if user.mfa_devices else "false"
    keys = [_key_columns(key) for key in user.access_keys] + [_NO_KEY, _NO_KEY]
    created = user.create_date.strftime(_DATE)
    return [user.name, user.arn, created, *password, mfa, *keys[0], *keys[1], *_NO_CERTIFICATES]


def _key_columns(key) -> list[str]:
    use = key.last_used
    used = [use.strftime(_DATE), use.region, use.service] if use else ["N/A", "N/A", "N/A"]
    active = "true" if key.status == "Active" else "false"
    return [active, key.create_date.strftime(_DATE), *used]
