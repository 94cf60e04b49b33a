import { MagsError } from "../../../provider/errors";
import { ApiError } from "../../../provider/api/errors";
import { toHostError } from "../../../provider/host/failure";
import { PartialError, SCHEMA_VERSION } from "../../../provider/lifecycle/kind";

const TEXT = "exports.handler=…";
type Thrown = Error & {
  id?: unknown;
  code?: unknown;
  details?: unknown;
  properties?: unknown;
  reasons?: unknown;
};
const leaving = (error: unknown, keep = true) => toHostError(error, TEXT, keep) as Thrown;

it.each<[string, unknown]>([
  ["undefined", undefined],
  ["null", null],
  ["a text", "went wrong"],
  ["an empty text", ""],
  ["a number", 5],
  ["an object", { message: "m", id: "x", code: 5 }],
  ["an error with an id", Object.assign(new Error("m"), { id: "x" })],
  ["an error with code and details", Object.assign(new Error("m"), { code: 5, details: "d" })],
  ["an error without a message", new Error("")],
  [
    "an error with broken properties",
    Object.assign(new Error("m"), { id: "x", properties: { a: undefined } }),
  ],
])("%s leaves as a plain Error with a message and nothing else", (_name, thrown) => {
  for (const keep of [true, false]) {
    const error = leaving(thrown, keep);
    expect(error).toBeInstanceOf(Error);
    expect(error.message).not.toBe("");
    expect(Object.keys(error).filter((key) => key !== "stack")).toEqual([]);
    expect([error.id, error.code, error.details]).toEqual([undefined, undefined, undefined]);
  }
});

it("a partial error keeps the resource, clean and with the provider's text", () => {
  const outputs = { a: 1, b: undefined, c: { d: undefined } };
  expect(leaving(new PartialError("box", outputs, ["not ready"]))).toMatchObject({
    id: "box",
    properties: { a: 1, c: {}, __provider: TEXT, __mags: String(SCHEMA_VERSION) },
    reasons: ["not ready"],
  });
  expect(Object.keys(leaving(new PartialError("box", outputs, [])).properties as object)).not.toContain("b");
});

it("where nothing can be kept a partial error is a plain one", () => {
  expect(leaving(new PartialError("box", {}, ["not ready"]), false).id).toBeUndefined();
});

it("what is wrong with everything alike is told in full once", () => {
  const unreachable = () => leaving(new MagsError("It cannot be reached. Check the network.")).message;
  expect(unreachable()).toBe("It cannot be reached. Check the network.");
  expect(unreachable()).toBe("It cannot be reached. (Told in full with another resource.)");
});

it("a user's mistake has no stack, a bug keeps its own", () => {
  expect(leaving(new MagsError("your mistake")).stack).toBe("its error stands with the resource");
  const refused = new ApiError({ method: "GET", path: "/x", status: 401, serverMessage: "bad token" });
  expect(leaving(refused).stack).not.toMatch(/\bat /);
  const bug = new TypeError("a bug");
  expect(leaving(bug).stack).toBe(bug.stack);
});

it("what the host prints beside a user's mistake is left out, and nothing else", () => {
  const printed = jest.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    for (const error of [leaving(new MagsError("your mistake")), leaving(new TypeError("a bug"))])
      console.error(`${error}: ${error.stack}`);
    console.error("something else");
    const lines = printed.mock.calls.map(([line]) => String(line).split("\n")[0]);
    expect(lines).toEqual(["Mags: TypeError: a bug", "something else"]);
  } finally {
    printed.mockRestore();
  }
});
