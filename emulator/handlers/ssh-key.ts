import { generateKeyPairSync, randomBytes } from "node:crypto";

/** A fresh Ed25519 private key in the format of OpenSSH. */
export function sshKey(): string {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const seed = Buffer.from(String(privateKey.export({ format: "jwk" }).d), "base64url");
  const point = Buffer.from(String(publicKey.export({ format: "jwk" }).x), "base64url");
  const name = Buffer.from("ssh-ed25519");
  const open = Buffer.concat([field(name), field(point)]);
  const check = randomBytes(4);
  let secret = Buffer.concat([
    check,
    check,
    field(name),
    field(point),
    field(Buffer.concat([seed, point])),
    field(Buffer.from("mags-vm")),
  ]);
  const padding = (8 - (secret.length % 8)) % 8;
  secret = Buffer.concat([secret, Buffer.from(Array.from({ length: padding }, (_, index) => index + 1))]);
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field(Buffer.from("none")),
    field(Buffer.from("none")),
    field(Buffer.alloc(0)),
    Buffer.from([0, 0, 0, 1]),
    field(open),
    field(secret),
  ]);
  const lines = whole.toString("base64").match(/.{1,70}/g) ?? [];
  const label = "OPENSSH PRIVATE KEY";
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
