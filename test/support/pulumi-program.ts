import * as pulumi from "@pulumi/pulumi";
import { IDENTITY_PROPERTY, originFromHost } from "../../provider/host/origin";

/** The engine's mark on a secret value (part of the SDK's protocol). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** One resource as the program registered or read it. */
export interface Registered {
  type: string;
  name: string;
  /** The inputs as sent, secrets opened. */
  inputs: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** Names of the inputs that were sent as secrets. */
  secrets: string[];
  /** Id of the provider resource, empty for the default one. */
  provider: string;
  /** Set for a resource that is only read. */
  readId?: string;
  protect: boolean;
  deleteBeforeReplace: boolean;
  hideDiffs: string[];
  /** URN of the parent; empty below the stack. */
  parent: string;
  /** URNs of all that it waits for, by `dependsOn` or by an input. */
  dependencies: string[];
  retainOnDelete: boolean;
  /** What it was before, in the words of the protocol. */
  aliases: Partial<AliasSpec>[];
  /** Where it was made, innermost first: URL and line. */
  positions: string[];
}

interface AliasSpec {
  name: string;
  type: string;
  parenturn: string;
  noparent: boolean;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getProvider(): string;
  getObject(): { toJavaScript(): Record<string, unknown> };
  getProtect(): boolean;
  getDeletebeforereplace(): boolean;
  getHidediffsList(): string[];
  getParent(): string;
  getDependenciesList(): string[];
  getRetainondelete(): boolean;
  getAliasesList(): { toObject(): { urn: string; spec?: AliasSpec } }[];
  getSourceposition(): Position | undefined;
  getStacktrace(): { getFramesList(): { getPc(): Position | undefined }[] } | undefined;
}

interface Position {
  getUri(): string;
  getLine(): number;
}

interface ReadRequest {
  getType(): string;
  getName(): string;
  getId(): string;
  getProvider(): string;
  getProperties(): { toJavaScript(): Record<string, unknown> };
}

export interface ProgramOptions {
  organization?: string;
  project?: string;
  stack?: string;
  preview?: boolean;
  /** Outputs that a resource gets beside its inputs, by logical name. */
  outputs?: Record<string, Record<string, unknown>>;
}

/** Runs a program without an engine, and shows what it asked of one. A call of a function is an error. */
export async function runProgram<T>(
  program: () => T,
  options: ProgramOptions = {},
): Promise<{ result: T; resources: Registered[] }> {
  const { organization = "acme", project = "shop", stack = "dev", preview = false, outputs = {} } = options;
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ name, id, inputs }) => ({
      id: id || `${name}-id`,
      state: { ...(inputs as Record<string, unknown>), ...outputs[name] },
    }),
    call: ({ token }) => {
      throw new Error(`the program called ${token}, which nobody expected`);
    },
  };
  await pulumi.runtime.setMocks(mocks, project, stack, preview, organization);
  const resources: Registered[] = [];
  record(resources);
  const result = program();
  // Not among the SDK's declared functions, although it exports it.
  await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  return { result, resources };
}

/** The value of an output, undefined when it is not known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  return (output as unknown as { promise(): Promise<T | undefined> }).promise();
}

function record(resources: Registered[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: RegisterRequest, reply: unknown): void;
    readResource(request: ReadRequest, reply: unknown): void;
  };
  const [register, read] = [monitor.registerResource.bind(monitor), monitor.readResource.bind(monitor)];
  monitor.registerResource = (request, reply) => {
    resources.push({
      ...identified(request),
      ...opened(request.getObject().toJavaScript()),
      protect: request.getProtect(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      hideDiffs: request.getHidediffsList(),
      parent: request.getParent(),
      dependencies: request.getDependenciesList(),
      retainOnDelete: request.getRetainondelete(),
      aliases: request.getAliasesList().map((alias) => {
        const spec = Object.entries(alias.toObject().spec ?? {});
        return Object.fromEntries(spec.filter(([, value]) => Boolean(value)));
      }),
      positions: positionsOf(request),
    });
    register(request, reply);
  };
  monitor.readResource = (request, reply) => {
    resources.push({
      ...identified(request),
      ...opened(request.getProperties().toJavaScript()),
      readId: request.getId(),
      protect: false,
      deleteBeforeReplace: false,
      hideDiffs: [],
      parent: "",
      dependencies: [],
      retainOnDelete: false,
      aliases: [],
      positions: [],
    });
    read(request, reply);
  };
}

function positionsOf(request: RegisterRequest): string[] {
  const frames = request.getStacktrace()?.getFramesList() ?? [];
  const positions = frames.map((frame) => frame.getPc());
  expect(request.getSourceposition()?.getLine()).toBe(positions[0]?.getLine());
  return positions.map((position) => (position ? `${position.getUri()}:${position.getLine()}` : ""));
}

function identified(request: RegisterRequest | ReadRequest) {
  return { type: request.getType(), name: request.getName(), provider: request.getProvider() };
}

function opened(sent: Record<string, unknown>): Pick<Registered, "inputs" | "secrets"> {
  const secrets: string[] = [];
  const inputs = Object.fromEntries(
    Object.entries(sent).map(([key, value]) => {
      if (!isSecret(value)) return [key, value];
      secrets.push(key);
      return [key, value.value];
    }),
  );
  if (IDENTITY_PROPERTY in inputs) inputs[IDENTITY_PROPERTY] = originFromHost(inputs[IDENTITY_PROPERTY]);
  return { inputs, secrets };
}

function isSecret(value: unknown): value is { value: unknown } {
  return (
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET
  );
}
