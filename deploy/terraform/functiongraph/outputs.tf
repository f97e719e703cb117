output "function_urns" {
  description = "URNs by function; the event function is invoked by its URN"
  value       = { for name, function in huaweicloud_fgs_function.this : name => function.urn }
}

output "gateway_group_id" {
  description = "The API group; bind a domain of your own to it, its own one is for tests"
  value       = huaweicloud_apig_group.this.id
}
