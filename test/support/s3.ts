import { goTool } from "./go-tool";
import { ServerProcess } from "./server-process";
import type { StateServer } from "./state-server";

const BUCKET = "states";

/** An S3 server that lives in memory, or why there is none. */
export function installedS3(): { program: string } | { missing: string } {
  if (process.platform === "win32") return { missing: "needs a shell, to start an S3 server" };
  return goTool({
    name: "gofakes3",
    version: "1.2.0",
    module: "scripts/s3",
    source: "github.com/johannesboyne/gofakes3/cmd/gofakes3",
  });
}

/** Starts one with an empty bucket, on a free port of loopback. */
export async function startS3(program: string): Promise<StateServer> {
  const server = await ServerProcess.start(
    program,
    ["-backend", "memory", "-host", "127.0.0.1:0", "-initialbucket", BUCKET],
    /using port: (\d+)/,
  );
  const endpoint = encodeURIComponent(`http://127.0.0.1:${server.ready[1]}`);
  return {
    url: `s3://${BUCKET}?endpoint=${endpoint}&s3ForcePathStyle=true&region=us-east-1`,
    // It takes any credentials; nobody's own may be used by accident. It sends no checksums, which the SDK would warn of.
    env: {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "only for this test",
      AWS_PROFILE: "",
      AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
    },
    stop: () => server.stop(),
  };
}
