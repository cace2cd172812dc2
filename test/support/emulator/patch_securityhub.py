"""Security Hub: findings are taken where it is enabled, a hundred at a time, of the caller's own account and
product, and never older than those that are there."""

import json
import re

from moto.securityhub.models import SecurityHubBackend
from moto.securityhub.responses import SecurityHubResponse
from wire import AwsError

_REQUIRED = (
    "SchemaVersion Id ProductArn GeneratorId AwsAccountId CreatedAt UpdatedAt Title Description Resources"
).split()
_LONGEST = {"Id": 512, "Title": 256, "Description": 1024, "GeneratorId": 512}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")

_moto_import = SecurityHubBackend.batch_import_findings


def install() -> None:
    SecurityHubBackend.batch_import_findings = _import
    SecurityHubResponse.get_findings = _get_findings


def _import(self: SecurityHubBackend, findings: list[dict]):
    if not self.enabled:
        raise AwsError(
            "InvalidAccessException",
            f"Account {self.account_id} is not subscribed to AWS Security Hub",
            401,
        )
    if not 1 <= len(findings) <= 100:
        raise AwsError("InvalidInputException", "Findings must be 1 to 100", 400)
    there = {finding.id: finding.data for finding in self.findings}
    taken, failed = [], []
    for finding in findings:
        problem = _problem(self, finding)
        if problem:
            failed.append(
                {"Id": finding.get("Id", ""), "ErrorCode": "InvalidInput", "ErrorMessage": problem}
            )
            continue
        before = there.get(finding["Id"])
        if before is None or before["UpdatedAt"] < finding["UpdatedAt"]:
            taken.append(finding)
    _moto_import(self, taken)
    return len(failed), len(findings) - len(failed), failed


def _problem(self: SecurityHubBackend, finding: dict) -> str | None:
    missing = [name for name in _REQUIRED if not finding.get(name)]
    if missing:
        return f"missing: {', '.join(missing)}"
    product = f":securityhub:{self.region_name}:{self.account_id}:product/{self.account_id}/default"
    if finding["AwsAccountId"] != self.account_id or not finding["ProductArn"].endswith(product):
        return "the finding is of another account or product"
    if "Severity" not in finding and "Severity" not in finding.get("FindingProviderFields", {}):
        return "missing: Severity"
    long = [name for name, most in _LONGEST.items() if len(finding[name]) > most]
    if len(finding.get("Remediation", {}).get("Recommendation", {}).get("Text", "")) > 512:
        long.append("Remediation")
    if long:
        return f"too long: {', '.join(long)}"
    moments = [value for name, value in finding.items() if name.endswith("At")]
    return None if all(_MOMENT.fullmatch(one) for one in moments) else "not a moment"


def _get_findings(self: SecurityHubResponse) -> str:
    """All at once: only tests ask."""
    return json.dumps({"Findings": [one.data for one in self.securityhub_backend.findings]})
