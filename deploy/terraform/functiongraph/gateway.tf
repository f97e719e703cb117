resource "huaweicloud_apig_group" "this" {
  instance_id = var.apig_instance_id
  name        = replace(var.name, "-", "_")
  # The group's own domain is for tests; left out, it would be switched off.
  domain_access_enabled = true
}

# Every path and method, so that 404 and 405 are the function's own. No authentication of the gateway's: it would ask for a
# signature or consume X-Auth-Token, and the function judges both itself.
resource "huaweicloud_fgs_function_trigger" "http" {
  function_urn = huaweicloud_fgs_function.this["http"].urn
  type         = "DEDICATEDGATEWAY"
  status       = "ACTIVE"

  event_data = jsonencode({
    instance_id = var.apig_instance_id
    group_id    = huaweicloud_apig_group.this.id
    env_id      = "DEFAULT_ENVIRONMENT_RELEASE_ID"
    env_name    = "RELEASE"
    name        = replace(var.name, "-", "_")
    auth        = "NONE"
    protocol    = "HTTPS"
    path        = "/"
    match_mode  = "SWA"
    req_method  = "ANY"
    type        = 1
    # Milliseconds; above the function's own limit, which answers in the documented shape.
    func_info = { timeout = 7000 }
  })
}
