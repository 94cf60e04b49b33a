//go:build tools

// Package actionlint pins the checker of workflow files, for the tests.
package actionlint

import _ "github.com/rhysd/actionlint/cmd/actionlint"
