# The functions' own identity, for ENTROPY_SOURCES with huawei-kms: FunctionGraph hands them its temporary keys.
resource "huaweicloud_identity_role" "draw_from_kms" {
  count = var.kms_project == "" ? 0 : 1

  name        = "${var.name}-draw"
  description = "Draws random numbers from KMS and nothing else"
  type        = "XA"

  policy = jsonencode({
    Version   = "1.1"
    Statement = [{ Effect = "Allow", Action = ["kms:cmk:generate"] }]
  })
}

resource "huaweicloud_identity_agency" "draw_from_kms" {
  count = var.kms_project == "" ? 0 : 1

  name                   = "${var.name}-draw"
  description            = "FunctionGraph draws random numbers from KMS"
  delegated_service_name = "op_svc_cff"

  project_role {
    project = var.kms_project
    roles   = [huaweicloud_identity_role.draw_from_kms[0].name]
  }
}
