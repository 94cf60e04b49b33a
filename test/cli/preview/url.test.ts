import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Deployment } from "@pulumi/pulumi/automation";
import * as errors from "../../../cli/preview/errors";
import { urlOf, waitForAnswer } from "../../../cli/preview/url";

const NO_STATE: Deployment = { version: 3, deployment: {} };
const alias = (url: string) => ({ type: "pulumi-nodejs:dynamic/mags:UrlAlias", outputs: { url } });
const state = (...resources: object[]): Deployment => ({ version: 3, deployment: { resources } });
const outputs = (value: unknown, secret = false) => ({ url: { value, secret } });

describe("the URL of a preview", () => {
  it("is the output of that name, else that of the only alias", () => {
    expect(urlOf(outputs("https://a.test/app/"), "url", state(alias("https://b.test")))).toEqual({
      url: "https://a.test/app/",
    });
    expect(urlOf({}, "url", state(alias("https://b.test")))).toEqual({ url: "https://b.test" });
  });

  it.each([
    ["none", {}, NO_STATE, "gives no URL to wait for. Export one"],
    ["one of several aliases", {}, state(alias("https://a.test"), alias("https://b.test")), "gives no URL"],
    ["a secret one", outputs("https://a.test", true), NO_STATE, 'its output "url" is secret'],
    ["no URL", outputs("not a url"), NO_STATE, 'its output "url" is no URL'],
    ["one of a file", outputs("file:///etc/passwd"), NO_STATE, "begins with http:// or https://"],
    ["a number", outputs(7), NO_STATE, "is no URL"],
  ])("%s: is not shown, and it is told why", (_what, given, deployment, told) => {
    const { url, problem } = urlOf(given, "url", deployment);
    expect(url).toBeUndefined();
    expect(errors.noUrl("pr-7", "url", problem).message).toContain(told);
  });
});

describe("waiting for it", () => {
  let server: Server;
  const asked: string[] = [];
  beforeEach(async () => {
    asked.length = 0;
    server = createServer(({ url = "" }, response) => {
      asked.push(url);
      response.writeHead(url === "/" ? 404 : 200).end();
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  afterEach(() => new Promise((closed) => server.close(closed)));

  it.each([
    ["the URL itself", undefined, "/app/?a=1"],
    ["another page of the host", "/ready", "/ready"],
    ["another page beside it", "ready", "/app/ready"],
  ])("asks %s", async (_what, page, path) => {
    const { port } = server.address() as AddressInfo;
    await waitForAnswer(`http://127.0.0.1:${port}/app/?a=1`, page, 1);
    expect(asked).toEqual([path]);
  });
});
