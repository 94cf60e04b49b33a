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

variable "revision" {
  type        = number
  description = "Another one changes the job in the middle."
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
    name            = "web-${count.index}"
    script          = "cd ~ && exec node server.js"
    persistent      = true
    environment     = { STAGE = "bench" }
    startup_command = "node server.js --revision ${count.index == local.middle ? var.revision : 0}"
  })

  # The API takes no other field of a job that is there.
  update_data = jsonencode({
    startup_command = "node server.js --revision ${count.index == local.middle ? var.revision : 0}"
  })
}
