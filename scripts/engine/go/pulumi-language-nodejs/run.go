package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

const (
	// The SDK ends with this code when it has already shown the user what went wrong.
	exitAlreadyReported = 32

	// How long a program that was told to stop may take before it is killed.
	stopGrace = 5 * time.Second
)

// Run executes the program. What goes wrong with the program is an answer, not an RPC error.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if req.GetAttachDebugger() {
		return nil, errors.New("this language host cannot attach a debugger; " +
			"set the runtime option \"nodeargs\" to --inspect-brk in Pulumi.yaml instead")
	}
	// Stopped by whatever comes first: the request is given up, or the engine is gone.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.lifetime, cancel)()

	command, err := h.runCommand(ctx, req)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	return runResponse(command.Run()), nil
}

func (h *host) runCommand(ctx context.Context, req *pulumirpc.RunRequest) (*exec.Cmd, error) {
	options, err := parseOptions(req.GetInfo().GetOptions())
	if err != nil {
		return nil, err
	}
	node, err := findNode()
	if err != nil {
		return nil, err
	}
	module, err := resolveRunModule(ctx, node, programDirectory(req))
	if err != nil {
		return nil, err
	}
	settings, err := runEnvironment(req, options)
	if err != nil {
		return nil, err
	}

	arguments := append([]string{}, options.nodeargs...)
	arguments = append(arguments, module)
	arguments = append(arguments, h.runArguments(req)...)
	command := exec.CommandContext(ctx, node, arguments...)
	command.Dir = programDirectory(req)
	command.Env = append(os.Environ(), settings...)
	// The CLI shows both as messages of the program.
	command.Stdout = os.Stdout
	command.Stderr = os.Stderr
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = stopGrace
	return command, nil
}

func programDirectory(req *pulumirpc.RunRequest) string {
	if directory := req.GetInfo().GetProgramDirectory(); directory != "" {
		return directory
	}
	return req.GetPwd()
}

// runArguments are the arguments of the SDK's run module: options, the program, the program's own arguments.
// The folder for blocking invokes (--sync) is left out: no SDK that this CLI supports uses it.
func (h *host) runArguments(req *pulumirpc.RunRequest) []string {
	var arguments []string
	option := func(name, value string) {
		if value != "" {
			arguments = append(arguments, "--"+name, value)
		}
	}
	option("monitor", req.GetMonitorAddress())
	option("engine", h.engine())
	option("organization", req.GetOrganization())
	option("project", req.GetProject())
	option("root-directory", req.GetInfo().GetRootDirectory())
	option("stack", req.GetStack())
	option("pwd", req.GetPwd())
	option("parallel", strconv.Itoa(int(req.GetParallel())))
	option("tracing", h.tracing)
	if req.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	entryPoint := req.GetInfo().GetEntryPoint()
	if entryPoint == "" {
		entryPoint = "."
	}
	return append(append(arguments, entryPoint), req.GetArgs()...)
}

// runEnvironment is what the SDK reads from the environment: the stack's configuration, with secrets in plain
// text (as the SDK needs them), the list of which keys are secret, and how to treat TypeScript.
func runEnvironment(req *pulumirpc.RunRequest, options options) ([]string, error) {
	config := req.GetConfig()
	if config == nil {
		config = map[string]string{}
	}
	secretKeys := req.GetConfigSecretKeys()
	if secretKeys == nil {
		secretKeys = []string{}
	}
	configText, err := json.Marshal(config)
	if err != nil {
		return nil, fmt.Errorf("could not hand the stack's configuration to the program: %w", err)
	}
	secretKeysText, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, fmt.Errorf("could not hand the list of secret configuration keys to the program: %w", err)
	}
	environment := []string{
		"PULUMI_CONFIG=" + string(configText),
		"PULUMI_CONFIG_SECRET_KEYS=" + string(secretKeysText),
		"PULUMI_NODEJS_TYPESCRIPT=" + strconv.FormatBool(options.typescript),
	}
	if options.tsconfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+options.tsconfig)
	}
	return environment, nil
}

func runResponse(err error) *pulumirpc.RunResponse {
	if err == nil {
		return &pulumirpc.RunResponse{}
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program could not be run: %v", err)}
	}
	if exit.ExitCode() == exitAlreadyReported {
		return &pulumirpc.RunResponse{Bail: true}
	}
	// The state's text says "exit status 3" as well as "signal: killed".
	return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with %v", exit.ProcessState)}
}
