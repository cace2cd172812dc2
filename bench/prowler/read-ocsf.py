"""Reads the OCSF findings in standard input, one a line, with the models by which Prowler writes its own.

Prints as JSON how many are valid, and of each that isn't the line and what is wrong.
"""

import json
import sys

from py_ocsf_models.events.findings.detection_finding import DetectionFinding
from pydantic import ValidationError

valid = 0
refused = []
for number, line in enumerate(sys.stdin, 1):
    try:
        finding = DetectionFinding.model_validate_json(line)
        if finding.type_uid != finding.class_uid * 100 + finding.activity_id:
            refused.append(f"line {number}: type_uid {finding.type_uid}")
        else:
            valid += 1
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, one["loc"])) + ": " + one["msg"] for one in error.errors())
        refused.append(f"line {number}: {wrong}")
json.dump({"valid": valid, "refused": refused}, sys.stdout)
