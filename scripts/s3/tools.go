//go:build tools

// Package s3 pins an S3 server that lives in memory, for the tests.
package s3

import _ "github.com/johannesboyne/gofakes3/cmd/gofakes3"
