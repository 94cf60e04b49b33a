package main

import (
	"fmt"

	"github.com/google/shlex"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	"google.golang.org/protobuf/types/known/structpb"
)

// options are the `runtime.options` of Pulumi.yaml.
type options struct {
	// Whether TypeScript sources are compiled on the fly. Default: true.
	typescript bool
	// The tsconfig.json to use, relative to the program. Default: the one beside the program, if any.
	tsconfig string
	// Arguments for the node process itself, before the program.
	nodeargs []string
	// Default: found by the lock file.
	packagemanager npm.PackageManagerType
}

func parseOptions(values *structpb.Struct) (options, error) {
	parsed := options{typescript: true, packagemanager: npm.AutoPackageManager}
	for name, value := range values.GetFields() {
		switch name {
		case "typescript":
			enabled, ok := value.GetKind().(*structpb.Value_BoolValue)
			if !ok {
				return options{}, optionError(name, "true or false")
			}
			parsed.typescript = enabled.BoolValue
		case "tsconfig", "nodeargs", "packagemanager":
			text, ok := value.GetKind().(*structpb.Value_StringValue)
			if !ok {
				return options{}, optionError(name, "a string")
			}
			switch name {
			case "tsconfig":
				parsed.tsconfig = text.StringValue
			case "packagemanager":
				parsed.packagemanager = npm.PackageManagerType(text.StringValue)
			case "nodeargs":
				arguments, err := shlex.Split(text.StringValue)
				if err != nil {
					return options{}, fmt.Errorf("the runtime option \"nodeargs\" of Pulumi.yaml cannot be split into arguments: %w", err)
				}
				parsed.nodeargs = arguments
			}
		}
	}
	return parsed, nil
}

func optionError(name, expected string) error {
	return fmt.Errorf("the runtime option %q of Pulumi.yaml must be %s", name, expected)
}
