locals {
  dist = "${path.module}/../../../dist"

  # The event function judges no token: it gets none of the variables that are for that.
  event_settings = {
    for name, value in var.settings : name => value
    if can(regex("^(ENTROPY_|HUAWEI_|AWS_|LOG_LEVEL$)", name))
  }

  functions = {
    http = {
      archive     = "functiongraph-http.zip"
      description = "Random bytes in the shape of KMS gen-random"
      # Above the deadlines of IAM and of the entropy sources together, so that a slow one gets its documented 504.
      timeout   = 6
      user_data = jsonencode(var.settings)
      secrets   = jsonencode(var.secrets)
    }
    event = {
      archive     = "functiongraph-event.zip"
      description = "Random bytes for events; it asks for no token"
      # A list of requests is answered one after the other.
      timeout   = 30
      user_data = jsonencode(local.event_settings)
      secrets   = jsonencode(var.event_secrets)
    }
  }
}

resource "huaweicloud_fgs_function" "this" {
  for_each = local.functions

  name                  = "${var.name}-${each.key}"
  app                   = "default"
  description           = each.value.description
  functiongraph_version = "v2"
  runtime               = "Node.js20.15"
  handler               = "${each.key}.handler"
  initializer_handler   = "${each.key}.initializer"
  initializer_timeout   = 10
  memory_size           = 256
  timeout               = each.value.timeout

  code_type     = "zip"
  code_filename = each.value.archive
  func_code     = filebase64("${local.dist}/${each.value.archive}")

  user_data           = each.value.user_data
  encrypted_user_data = each.value.secrets
  app_agency          = one(huaweicloud_identity_agency.draw_from_kms[*].name)

  # The four names of a log count only with it.
  enable_lts_log  = true
  log_group_id    = huaweicloud_lts_group.this.id
  log_group_name  = huaweicloud_lts_group.this.group_name
  log_stream_id   = huaweicloud_lts_stream.this[each.key].id
  log_stream_name = huaweicloud_lts_stream.this[each.key].stream_name

  lifecycle {
    precondition {
      condition     = length(each.value.user_data) + length(nonsensitive(each.value.secrets)) <= 4096
      error_message = "FunctionGraph takes 4,096 characters of environment variables in all."
    }
  }
}

resource "huaweicloud_lts_group" "this" {
  group_name  = var.name
  ttl_in_days = var.log_retention_days
}

resource "huaweicloud_lts_stream" "this" {
  for_each = local.functions

  group_id    = huaweicloud_lts_group.this.id
  stream_name = "${var.name}-${each.key}"
}
