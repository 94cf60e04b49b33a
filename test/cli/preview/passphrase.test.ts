import { refuseEmptyPassphrase } from "../../../cli/preview/passphrase";

const FILES = "file:///state";
const EMPTY = { PULUMI_CONFIG_PASSPHRASE: "" };

describe("an empty passphrase", () => {
  it.each([
    ["a state in files", FILES, ""],
    ["a state in a bucket", "s3://bucket", "config: {}"],
    ["one that the stack file asks for", FILES, "secretsprovider: passphrase"],
  ])("is refused for %s", (_, backend, stackFile) =>
    expect(() => refuseEmptyPassphrase(backend, stackFile, EMPTY)).toThrow(
      /PULUMI_CONFIG_PASSPHRASE is empty/,
    ),
  );

  it.each([
    ["a service", "https://api.pulumi.com/shop", "", EMPTY],
    ["a key of a cloud", FILES, "secretsprovider: awskms://alias/previews", EMPTY],
    ["a passphrase in a file", FILES, "", { ...EMPTY, PULUMI_CONFIG_PASSPHRASE_FILE: "/run/passphrase" }],
    ["a passphrase", FILES, "", { PULUMI_CONFIG_PASSPHRASE: "x" }],
    ["one that Pulumi will miss by itself", FILES, "", {}],
  ])("is none with %s", (_, backend, stackFile, env) =>
    expect(() => refuseEmptyPassphrase(backend, stackFile, env)).not.toThrow(),
  );
});
