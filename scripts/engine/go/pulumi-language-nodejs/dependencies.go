package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies runs the project's package manager, and shows what it prints.
func (h *host) InstallDependencies(
	req *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) (err error) {
	options, err := parseOptions(req.GetInfo().GetOptions())
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, req.GetIsTerminal())
	if err != nil {
		return fmt.Errorf("could not show the output of the package manager: %w", err)
	}
	defer func() {
		if closeError := closer.Close(); err == nil {
			err = closeError
		}
	}()
	directory := req.GetInfo().GetProgramDirectory()
	if _, err = npm.Install(server.Context(), options.packagemanager, directory, false, stdout, stderr); err != nil {
		return fmt.Errorf("could not install the dependencies of %s: %w", directory, err)
	}
	return nil
}

// GetProgramDependencies lists what the project's lock file holds.
func (h *host) GetProgramDependencies(
	ctx context.Context, req *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	options, err := parseOptions(req.GetInfo().GetOptions())
	if err != nil {
		return nil, err
	}
	directory := req.GetInfo().GetProgramDirectory()
	manager, err := npm.ResolvePackageManager(options.packagemanager, directory)
	if err != nil {
		return nil, err
	}
	packages, err := manager.ListPackages(ctx, directory, req.GetTransitiveDependencies())
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, found := range packages {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: found.Name, Version: found.Version})
	}
	return response, nil
}
