# The same as resources/member-role.yml, for accounts that are managed with Terraform: one of this in
# each account, but that of the service, whose stack makes it there. The variables are the parameters
# there, and mean what is said there.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "service_account_id" {
  type        = string
  description = "The account the service runs in; output ServiceAccountId of its stack"
  validation {
    condition     = can(regex("^\\d{12}$", var.service_account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "service_role_name" {
  type        = string
  default     = "access-key-rotation-service"
  description = "The role of the service, which may enter this account"
}

variable "operator_arn" {
  type        = string
  default     = ""
  description = "Optional; who may use the command line from the account of the service"
}

variable "external_id" {
  type        = string
  description = "The same as the service's parameter externalId"
}

variable "organization_id" {
  type        = string
  description = "Like o-ab12cd34ef; the organization that the service's account belongs to"
}

variable "role_name" {
  type        = string
  default     = "access-key-rotation"
  description = "The same as the service's parameter roleName"
}

variable "role_path" {
  type        = string
  default     = "/"
  description = "The same as the service's parameter rolePath"
}

variable "user_path" {
  type        = string
  default     = "/"
  description = "Only the keys of users below this path can be seen and changed"
}

variable "secret_kms_key_arn" {
  type        = string
  default     = ""
  description = "Optional; the key that the setting secretKmsKeyId means in this account. Where secrets are replicated: that of each region, separated by commas"
}

variable "allow_usage" {
  type        = string
  default     = "false"
  description = "Whether it may be looked up in CloudTrail's event history who uses a key (access-key-rotation usage)"
}

variable "permissions_boundary" {
  type        = string
  default     = ""
  description = "Optional; ARN of a policy that limits the role"
}

data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    # The account with a condition instead of the role itself: a trust in a role breaks when that
    # role is deleted and made again.
    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${var.service_account_id}:root"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:PrincipalArn"
      values = compact([
        "arn:${data.aws_partition.current.partition}:iam::${var.service_account_id}:role/${var.service_role_name}",
        var.operator_arn,
      ])
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = [var.organization_id]
    }
  }

  # People whose session says who they are: without this, AWS turns them away. It lets nobody in.
  statement {
    effect  = "Allow"
    actions = ["sts:SetSourceIdentity"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${var.service_account_id}:root"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:PrincipalArn"
      values = compact([
        "arn:${data.aws_partition.current.partition}:iam::${var.service_account_id}:role/${var.service_role_name}",
        var.operator_arn,
      ])
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = [var.organization_id]
    }
  }
}

data "aws_iam_policy_document" "rights" {
  # These know no resources.
  statement {
    sid    = "ListUsers"
    effect = "Allow"
    actions = [
      "iam:GenerateCredentialReport",
      "iam:GetAccountSummary",
      "iam:GetCredentialReport",
      "iam:ListUsers",
    ]
    resources = ["*"]
  }

  statement {
    sid    = "RotateKeys"
    effect = "Allow"
    actions = [
      "iam:CreateAccessKey",
      "iam:DeleteAccessKey",
      "iam:GetAccessKeyLastUsed",
      "iam:ListAccessKeys",
      "iam:ListUserTags",
      "iam:UpdateAccessKey",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:user${var.user_path}*"]
  }

  # Settings may exempt, include or exclude the users of a group.
  statement {
    sid       = "ReadGroups"
    effect    = "Allow"
    actions   = ["iam:GetGroup"]
    resources = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:group/*"]
  }

  # Writes secrets, but can't read one. In any region: the service's may be another.
  statement {
    sid    = "StoreSecrets"
    effect = "Allow"
    actions = [
      "secretsmanager:CreateSecret",
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetResourcePolicy",
      "secretsmanager:PutResourcePolicy",
      "secretsmanager:PutSecretValue",
      "secretsmanager:RemoveRegionsFromReplication",
      "secretsmanager:ReplicateSecretToRegions",
      "secretsmanager:TagResource",
      "secretsmanager:UpdateSecretVersionStage",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:secretsmanager:*:${data.aws_caller_identity.current.account_id}:secret:access-key-rotation/*"]
  }

  # Those whose users are gone; only so that they can be restored for 30 days.
  statement {
    sid       = "RemoveOrphanedSecrets"
    effect    = "Allow"
    actions   = ["secretsmanager:DeleteSecret"]
    resources = ["arn:${data.aws_partition.current.partition}:secretsmanager:*:${data.aws_caller_identity.current.account_id}:secret:access-key-rotation/*"]

    condition {
      test     = "NumericEquals"
      variable = "secretsmanager:RecoveryWindowInDays"
      values   = ["30"]
    }
  }

  # Knows no resources.
  statement {
    sid       = "FindOrphanedSecrets"
    effect    = "Allow"
    actions   = ["secretsmanager:ListSecrets"]
    resources = ["*"]
  }

  # Whatever else somebody may attach to this role, or it may write into the policy of a secret.
  statement {
    sid       = "NeverReadSecrets"
    effect    = "Deny"
    actions   = ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"]
    resources = ["*"]
  }

  # Replicas are made in the name of the role, too, and need kms:Encrypt.
  dynamic "statement" {
    for_each = compact([var.secret_kms_key_arn])
    content {
      sid       = "EncryptSecrets"
      effect    = "Allow"
      actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
      resources = split(",", var.secret_kms_key_arn)

      condition {
        test     = "StringEquals"
        variable = "aws:ResourceOrgID"
        values   = [var.organization_id]
      }

      condition {
        test     = "StringLike"
        variable = "kms:ViaService"
        values   = ["secretsmanager.*.${data.aws_partition.current.dns_suffix}"]
      }
    }
  }

  # Knows no resources. Only to look up who uses a key, where that is wanted.
  dynamic "statement" {
    for_each = setintersection([var.allow_usage], ["true"])
    content {
      sid       = "LookUpUsage"
      effect    = "Allow"
      actions   = ["cloudtrail:LookupEvents"]
      resources = ["*"]
    }
  }
}

resource "aws_iam_role" "member" {
  name                 = var.role_name
  path                 = var.role_path
  description          = "Rotates the access keys of this account"
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary == "" ? null : var.permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.trust.json

  lifecycle {
    precondition {
      condition     = data.aws_caller_identity.current.account_id != var.service_account_id
      error_message = "In the account of the service the role is a part of the service's stack."
    }
  }
}

resource "aws_iam_role_policy" "rights" {
  name   = "rotate-access-keys"
  role   = aws_iam_role.member.name
  policy = data.aws_iam_policy_document.rights.json
}

output "role_arn" {
  description = "The role that the service assumes"
  value       = aws_iam_role.member.arn
}
