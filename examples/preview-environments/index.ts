import * as pulumi from "@pulumi/pulumi";
import { deploy } from "pulumi-mags/constructs/pulumi";
import { guestBook } from "./infrastructure";

const config = new pulumi.Config();
const { app, url: address } = guestBook({
  title: config.get("title") ?? "Guest book",
  // Set by `mags-iac preview`, and by nobody else.
  pullRequest: config.getNumber("pullRequest"),
  protectData: config.getBoolean("protectData") ?? true,
});

export const url = deploy(app).output(address);
