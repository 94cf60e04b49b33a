// Command pulumi-language-nodejs is the language host that the Pulumi CLI starts to run a Node.js
// program: it serves pulumirpc.LanguageRuntime on a loopback port and prints that port.
//
// It is built together with the CLI where official releases cannot be downloaded. It covers what running
// programs needs; project generation, code generation and language plugins are answered "unimplemented".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// How often the host looks whether its engine is still there. When it is not, the host ends and takes the
// program with it.
const engineHealthInterval = 10 * time.Second

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-nodejs: %v\n", err)
		os.Exit(1)
	}
}

func serve(arguments []string) error {
	flags := flag.NewFlagSet("pulumi-language-nodejs", flag.ContinueOnError)
	tracing := flags.String("tracing", "", "address of a tracing endpoint, passed on to the program")
	flags.String("root", "", "accepted for compatibility; every request names its own project folder")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("the address of the engine is missing; this program is started by the Pulumi CLI, not by hand")
	}
	engineAddress := flags.Arg(0)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := rpcutil.Healthcheck(ctx, engineAddress, engineHealthInterval, cancel); err != nil {
		return fmt.Errorf("could not watch the engine at %s: %w", engineAddress, err)
	}
	stop := make(chan bool)
	go func() {
		<-ctx.Done()
		close(stop)
	}()

	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, newHost(ctx, engineAddress, *tracing))
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return fmt.Errorf("could not serve on a loopback port: %w", err)
	}
	// The first line on stdout is how the CLI learns the port.
	fmt.Printf("%d\n", handle.Port)
	return <-handle.Done
}
