package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The part of the SDK that runs a program; it is started by node with the arguments of runArguments.
const runModule = "@pulumi/pulumi/cmd/run"

// resolveRunModule finds the SDK that the program in dir uses: the nearest node_modules that has it, as Node
// does. Only when no folder has it is Node itself asked, at the cost of one process, for what it may know
// otherwise (NODE_PATH, a package manager's own resolver).
func resolveRunModule(ctx context.Context, node, dir string) (string, error) {
	for folder := dir; ; folder = filepath.Dir(folder) {
		candidate := filepath.Join(folder, "node_modules", filepath.FromSlash(runModule))
		_, err := os.Stat(candidate)
		if err == nil {
			return candidate, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("could not look for the Pulumi SDK at %s: %w", candidate, err)
		}
		if folder == filepath.Dir(folder) {
			break
		}
	}
	command := exec.CommandContext(ctx, node, "-p", fmt.Sprintf("require.resolve(%q)", runModule))
	command.Dir = dir
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("the package @pulumi/pulumi was not found from %s; run `npm install` there, "+
			"or add it with `npm install @pulumi/pulumi`", dir)
	}
	return strings.TrimSpace(string(output)), nil
}
