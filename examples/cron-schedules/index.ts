import * as pulumi from "@pulumi/pulumi";
import { deploy } from "pulumi-mags/constructs/pulumi";
import { schedules } from "./app";

const config = new pulumi.Config();
const { app, suite } = schedules({ protectData: config.getBoolean("protectData") ?? true });
const deployed = deploy(app);

/** When each fires, by the id in the table. */
export const fires = Object.fromEntries(
  [...suite.cronJobs].map(([id, cronJob]) => [id, deployed.of(cronJob).cronExpression]),
);
