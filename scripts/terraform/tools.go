//go:build tools

// Package terraform pins the generic REST provider that the benchmark compares with.
package terraform

import _ "github.com/Mastercard/terraform-provider-restapi"
