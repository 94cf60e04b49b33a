# As many persistent jobs as `jobs` says, with a generic REST provider, as its documentation shows it.

terraform {
  required_providers {
    restapi = {
      source = "mastercard/restapi"
    }
  }
}

variable "url" {
  type = string
}

variable "token" {
  type      = string
  sensitive = true
}

variable "jobs" {
  type = number
}

# Another number changes the job in the middle.
variable "change" {
  type = number
}

provider "restapi" {
  uri                   = "${var.url}/api/v1"
  id_attribute          = "request_id"
  create_returns_object = true

  headers = {
    Authorization = "Bearer ${var.token}"
    Content-Type  = "application/json"
  }
}

locals {
  middle = floor(var.jobs / 2)
}

resource "restapi_object" "job" {
  count = var.jobs

  path           = "/mags-jobs"
  read_path      = "/mags-jobs/{id}/status"
  update_method  = "PATCH"
  update_path    = "/mags-jobs/{id}"
  destroy_method = "POST"
  destroy_path   = "/mags-jobs/{id}/stop"

  data = jsonencode({
    name            = "vm-${count.index}"
    workspace_id    = "vm-${count.index}"
    script          = "sleep infinity"
    environment     = { STAGE = "bench" }
    startup_command = count.index == local.middle ? "echo ${var.change}" : "echo 0"
    persistent      = true
    no_sync         = true
  })

  # The API takes no other field of a job that is there.
  update_data = jsonencode({
    startup_command = count.index == local.middle ? "echo ${var.change}" : "echo 0"
  })
}
