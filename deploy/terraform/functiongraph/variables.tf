variable "name" {
  description = "Prefix of every name"
  type        = string
  default     = "gen-random"
}

variable "apig_instance_id" {
  description = "The dedicated gateway (APIG instance) that publishes the http function"
  type        = string
}

variable "settings" {
  description = "Variables of the README that are no secrets; IAM_URL at least"
  type        = map(string)

  validation {
    condition = length(setintersection(keys(var.settings), [
      "AKSK_CREDENTIALS", "STATIC_TOKENS", "IAM_SERVICE_PASSWORD", "HUAWEI_SECRET_KEY", "HUAWEI_SECURITY_TOKEN",
    ])) == 0
    error_message = "Secrets belong into \"secrets\"."
  }
}

variable "secrets" {
  description = "Variables of the README that are secrets, for the http function"
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "event_secrets" {
  description = "Secrets for the event function, which needs none of those that judge a token"
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "kms_project" {
  description = "Name of the project whose KMS the functions draw from with an agency's keys (huawei-kms); empty: no agency"
  type        = string
  default     = ""
}

variable "timer_schedule" {
  description = "How often the timer draws, e.g. \"1h\"; empty: no timer"
  type        = string
  default     = ""
}

variable "log_retention_days" {
  description = "How long LTS keeps the audit lines"
  type        = number
  default     = 30
}
