import { unpacked } from "../../provider/host/bookkeeping";
import type { Values } from "../../provider/schema/fields";

/** How a state writes a secret. */
const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A secret that was not decrypted. Equal to nothing but itself. */
export class Encrypted {
  constructor(private readonly ciphertext: string) {}

  toJSON(): string {
    return `[encrypted ${this.ciphertext}]`;
  }
}

/** Properties as a state has them: the values, and the names of those that hold a secret somewhere. */
export interface Properties {
  readonly values: Values;
  readonly secret: ReadonlySet<string>;
  /** Names of those that hold a secret that was not decrypted. */
  readonly encrypted: ReadonlySet<string>;
}

export function propertiesOf(raw: unknown): Properties {
  const [secret, encrypted] = [new Set<string>(), new Set<string>()];
  const values: Values = {};
  for (const [name, value] of Object.entries((raw ?? {}) as Values)) {
    values[name] = plain(value, (isEncrypted) => {
      secret.add(name);
      if (isEncrypted) encrypted.add(name);
    });
  }
  return { values: unpacked(values), secret, encrypted };
}

function plain(value: unknown, onSecret: (encrypted: boolean) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, onSecret));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object[SECRET_KEY] === SECRET) {
    const { plaintext, ciphertext } = object;
    onSecret(typeof plaintext !== "string");
    return typeof plaintext === "string"
      ? plain(JSON.parse(plaintext), onSecret)
      : new Encrypted(String(ciphertext));
  }
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, plain(item, onSecret)]));
}
