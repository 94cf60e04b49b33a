import * as fs from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { uploadPath } from "../cloud";
import { readMultipart } from "../http/multipart";
import { invalid } from "../errors";
import { checkFileName } from "../names";
import type { Call, Reply } from "./call";

/** POST /mags-files: multipart, one part named `file`. */
export async function uploadFile(call: Call): Promise<Reply> {
  const parts = readMultipart(call.contentType, call.raw);
  const files = parts.filter((part) => part.name === "file" && part.fileName !== undefined);
  const [part] = files;
  if (part?.fileName === undefined || files.length !== 1) {
    throw invalid("the form must hold exactly one part `file` with a file name");
  }
  const fileName = checkFileName(part.fileName);
  const fileId = randomUUID();
  const path = uploadPath(call.cloud, fileId);
  await fs.mkdir(dirname(path), { recursive: true });
  await fs.writeFile(path, part.content);
  call.cloud.state.saveFile({
    fileId,
    account: call.account,
    fileName,
    size: part.content.length,
    createdAt: call.cloud.clock.now(),
  });
  return { body: call.fault("incomplete-upload") === undefined ? { file_id: fileId } : {} };
}
