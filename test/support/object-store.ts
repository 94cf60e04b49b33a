import { createServer, type IncomingMessage, type Server } from "node:http";
import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";

/** A bucket as S3 has it, as far as a state backend of Pulumi asks for it. Holds everything in memory. */
export class ObjectStore {
  readonly objects = new Map<string, Buffer>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, headers = {}, body = "" }) => {
        response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
      });
    });
  }

  static async start(): Promise<ObjectStore> {
    const store = new ObjectStore();
    await new Promise<void>((resolve) => store.server.listen(0, "127.0.0.1", resolve));
    return store;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What makes it the state backend of Pulumi. */
  get env(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return {
      PULUMI_BACKEND_URL: `s3://states?endpoint=http://127.0.0.1:${port}&s3ForcePathStyle=true&region=local&disableSSL=true`,
      AWS_ACCESS_KEY_ID: "nobody",
      AWS_SECRET_ACCESS_KEY: "nothing",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url!, "http://store");
    const key = decodeURIComponent(url.pathname.replace(/^\/states\/?/, ""));
    const content = await contentOf(request);
    const found = this.objects.get(key);
    if (key === "") return this.list(url.searchParams);
    switch (request.method) {
      case "PUT": {
        const source = request.headers["x-amz-copy-source"];
        const from =
          source && this.objects.get(decodeURIComponent(String(source)).replace(/^\/?states\//, ""));
        if (source && !from) return MISSING;
        this.objects.set(key, from || content);
        const tag = tagOf(from || content);
        return source
          ? {
              status: 200,
              body: xml("CopyObjectResult", `<ETag>${tag}</ETag><LastModified>${AT}</LastModified>`),
            }
          : { status: 200, headers: { etag: tag } };
      }
      case "DELETE":
        this.objects.delete(key);
        return { status: 204 };
      default:
        if (!found) return MISSING;
        return {
          status: 200,
          headers: {
            etag: tagOf(found),
            "content-length": found.length,
            "last-modified": new Date(AT).toUTCString(),
          },
          body: found,
        };
    }
  }

  private list(query: URLSearchParams): Answer {
    const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
    const folders = new Set<string>();
    let items = "";
    for (const [key, content] of [...this.objects].sort(([one], [other]) => (one < other ? -1 : 1))) {
      if (!key.startsWith(prefix)) continue;
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      if (end >= 0) folders.add(key.slice(0, end + delimiter.length));
      else
        items += `<Contents><Key>${key}</Key><LastModified>${AT}</LastModified><ETag>${tagOf(content)}</ETag><Size>${content.length}</Size></Contents>`;
    }
    const common = [...folders]
      .map((one) => `<CommonPrefixes><Prefix>${one}</Prefix></CommonPrefixes>`)
      .join("");
    return {
      status: 200,
      body: xml("ListBucketResult", `<IsTruncated>false</IsTruncated>${items}${common}`),
    };
  }
}

interface Answer {
  status: number;
  headers?: Record<string, string | number>;
  body?: string | Buffer;
}

const AT = "2026-01-01T00:00:00.000Z";
const MISSING: Answer = { status: 404, body: xml("Error", "<Code>NoSuchKey</Code>") };

function xml(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${name}>${content}</${name}>`;
}

function tagOf(content: Buffer): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}

async function contentOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const sent = Buffer.concat(parts);
  return /aws-chunked/.test(String(request.headers["content-encoding"])) ? unchunked(sent) : sent;
}

/** Content with a size before each chunk of it, and checksums behind. */
function unchunked(sent: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = sent.indexOf("\r\n", at);
    const size = parseInt(sent.toString("latin1", at, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(sent.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
