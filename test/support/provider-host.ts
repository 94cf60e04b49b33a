import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";

/* The SDK's generated protocol files have no types for what is needed here. */
/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-explicit-any */
const engineRpc: any = require("@pulumi/pulumi/proto/engine_grpc_pb");
const providerRpc: any = require("@pulumi/pulumi/proto/provider_grpc_pb");
const provider: any = require("@pulumi/pulumi/proto/provider_pb");
const status: any = require("@pulumi/pulumi/proto/status_pb");
const struct: any = require("google-protobuf/google/protobuf/struct_pb");
const empty: any = require("google-protobuf/google/protobuf/empty_pb");
/* eslint-enable @typescript-eslint/no-require-imports */

export type Props = Record<string, any>;

/** A resource that was kept although its create or update failed. */
export interface InitError {
  id: string;
  properties: Props;
  reasons: string[];
}

/** How a call to the host failed. */
export interface HostFailure {
  code: number;
  message: string;
  /** Set when the host reports that the resource exists nevertheless. */
  init?: InitError;
}

/** The real process that runs dynamic providers, spoken to as the engine does. */
export class ProviderHost {
  /** Everything that the process printed. */
  output = "";
  /** Seconds after which a call without an answer fails with DEADLINE_EXCEEDED. */
  patience = 4;

  private constructor(
    private readonly child: ChildProcess,
    private readonly engine: grpc.Server,
    private readonly client: any,
  ) {}

  /** @param folder the project: where `require` in a provider's text looks for packages */
  static async start(folder: string, env: NodeJS.ProcessEnv = {}): Promise<ProviderHost> {
    const engine = new grpc.Server();
    engine.addService(engineRpc.EngineService, {
      log: (_call: unknown, reply: (error: null, value: unknown) => void) => reply(null, new empty.Empty()),
    });
    const port = await new Promise<number>((resolve, reject) => {
      engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const main = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
    const child = spawn(process.execPath, [main, `127.0.0.1:${port}`], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const hostPort = await firstLine(child);
    const client = new providerRpc.ResourceProviderClient(
      `127.0.0.1:${hostPort}`,
      grpc.credentials.createInsecure(),
    );
    const host = new ProviderHost(child, engine, client);
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on("data", (chunk: Buffer) => (host.output += chunk.toString()));
    }
    return host;
  }

  async configure(config: Record<string, string> = {}): Promise<void> {
    const request = new provider.ConfigureRequest();
    request.setArgs(struct.Struct.fromJavaScript(config));
    await this.call("configure", request);
  }

  async check(
    olds: Props,
    news: Props,
  ): Promise<{ inputs: Props; failures: { property: string; reason: string }[] }> {
    const request = new provider.CheckRequest();
    request.setOlds(struct.Struct.fromJavaScript(olds));
    request.setNews(struct.Struct.fromJavaScript(news));
    const answer = await this.call("check", request);
    const failures = answer.getFailuresList().map((failure: any) => ({
      property: failure.getProperty(),
      reason: failure.getReason(),
    }));
    return { inputs: answer.getInputs().toJavaScript(), failures };
  }

  /** `changes` as the engine sees it. */
  async diff(
    id: string,
    olds: Props,
    news: Props,
  ): Promise<{ changes: "unknown" | "none" | "some"; replaces: string[]; deleteBeforeReplace: boolean }> {
    const request = new provider.DiffRequest();
    request.setId(id);
    request.setOlds(struct.Struct.fromJavaScript(olds));
    request.setNews(struct.Struct.fromJavaScript(news));
    const answer = await this.call("diff", request);
    return {
      changes: (["unknown", "none", "some"] as const)[answer.getChanges() as number]!,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
    };
  }

  async create(props: Props): Promise<{ id: string; properties: Props }> {
    const request = new provider.CreateRequest();
    request.setProperties(struct.Struct.fromJavaScript(props));
    const answer = await this.call("create", request);
    return { id: answer.getId(), properties: answer.getProperties().toJavaScript() };
  }

  async read(
    id: string,
    props: Props,
  ): Promise<{ id: string; properties: Props; inputs: Props | undefined }> {
    const request = new provider.ReadRequest();
    request.setId(id);
    request.setProperties(struct.Struct.fromJavaScript(props));
    const answer = await this.call("read", request);
    return {
      id: answer.getId(),
      properties: answer.getProperties().toJavaScript(),
      inputs: answer.getInputs()?.toJavaScript(),
    };
  }

  async update(id: string, olds: Props, news: Props): Promise<Props> {
    const request = new provider.UpdateRequest();
    request.setId(id);
    request.setOlds(struct.Struct.fromJavaScript(olds));
    request.setNews(struct.Struct.fromJavaScript(news));
    return (await this.call("update", request)).getProperties().toJavaScript();
  }

  async delete(id: string, props: Props): Promise<void> {
    const request = new provider.DeleteRequest();
    request.setId(id);
    request.setProperties(struct.Struct.fromJavaScript(props));
    await this.call("delete", request);
  }

  async stop(): Promise<void> {
    this.client.close();
    this.engine.forceShutdown();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill("SIGKILL");
      await once(this.child, "exit");
    }
  }

  private call(method: string, request: unknown): Promise<any> {
    return new Promise((resolve, reject) => {
      this.client[method](
        request,
        { deadline: Date.now() + this.patience * 1000 },
        (error: any, answer: any) => (error ? reject(failureOf(error)) : resolve(answer)),
      );
    });
  }
}

/** The failure of a call that must not succeed. */
export async function failed(call: Promise<unknown>): Promise<HostFailure> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof HostCallError))
    throw new Error("the call did not fail as a call to the host does");
  return outcome.failure;
}

class HostCallError extends Error {
  constructor(readonly failure: HostFailure) {
    super(failure.message);
  }
}

function failureOf(error: grpc.ServiceError): HostCallError {
  const failure: HostFailure = { code: error.code, message: error.details };
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (details) {
    const [any] = status.Status.deserializeBinary(new Uint8Array(details as Buffer)).getDetailsList();
    const init = any.unpack(
      provider.ErrorResourceInitFailed.deserializeBinary,
      "pulumirpc.ErrorResourceInitFailed",
    );
    failure.init = {
      id: init.getId(),
      properties: init.getProperties().toJavaScript(),
      reasons: init.getReasonsList(),
    };
  }
  return new HostCallError(failure);
}

/** The host prints its port first. */
async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes("\n")) return;
      child.stdout!.off("data", onData);
      resolve(text.split("\n")[0]!.trim());
    };
    child.stdout!.on("data", onData);
    child.stderr!.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.once("exit", () => reject(new Error(`the provider host ended before it was ready: ${text}`)));
  });
}
