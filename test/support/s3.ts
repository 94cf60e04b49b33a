import { goTool } from "./go-tool";
import { ServerProcess } from "./server-process";
import type { StateServer } from "./state-server";

/** A bucket that states are kept in, and what is in it. */
export interface Bucket extends StateServer {
  /** The text of an object; undefined where there is none. */
  read(key: string): Promise<string | undefined>;
  write(key: string, text: string): Promise<void>;
}

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
export async function startS3(program: string): Promise<Bucket> {
  const server = await ServerProcess.start(
    program,
    ["-backend", "memory", "-host", "127.0.0.1:0", "-initialbucket", BUCKET],
    /using port: (\d+)/,
  );
  const endpoint = `http://127.0.0.1:${server.ready[1]}`;
  const object = (key: string) => `${endpoint}/${BUCKET}/${key}`;
  return {
    url: `s3://${BUCKET}?endpoint=${encodeURIComponent(endpoint)}&s3ForcePathStyle=true&region=us-east-1`,
    // It takes any credentials; nobody's own may be used by accident. It sends no checksums, which the SDK would warn of.
    env: {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "only for this test",
      AWS_PROFILE: "",
      AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
    },
    read: async (key) => {
      const answer = await fetch(object(key));
      return answer.ok ? answer.text() : undefined;
    },
    write: async (key, body) => {
      const { status } = await fetch(object(key), { method: "PUT", body });
      if (status !== 200) throw new Error(`${key} could not be written: ${status}`);
    },
    stop: () => server.stop(),
  };
}
