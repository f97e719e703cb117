# An example of an event: the timer's user event is the request.
resource "huaweicloud_fgs_function_trigger" "timer" {
  count = var.timer_schedule == "" ? 0 : 1

  function_urn = huaweicloud_fgs_function.this["event"].urn
  type         = "TIMER"
  status       = "ACTIVE"

  event_data = jsonencode({
    name          = "${var.name}-timer"
    schedule_type = "Rate"
    schedule      = var.timer_schedule
    user_event    = jsonencode({ random_data_length = "256" })
  })
}
