// The same for cdk8s: as many API objects, of about the same size, with as many dependencies.
const { ApiObject, App, Chart, JsonPatch } = require("cdk8s");
const { PER_STACK, cpuTime, measured, report } = require("./measure");

const { count, folder } = measured();
const start = cpuTime();
const app = new App({ outdir: folder });
const objects = [];
for (let first = 0; first < count; first += PER_STACK) {
  const chart = new Chart(app, `stack-${first}`);
  for (let number = 0; number < PER_STACK; number += 2) {
    const files = new ApiObject(chart, `files-${number}`, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      spec: { deletionProtection: false },
    });
    const job = new ApiObject(chart, `job-${number}`, {
      apiVersion: "batch/v1",
      kind: "Job",
      spec: {
        workspace: files.name,
        script: "exec ./serve",
        environment: { NUMBER: String(number), LEVEL: "info" },
        http: { port: 8080 },
      },
    });
    job.addDependency(files);
    for (const object of [files, job]) {
      object.node.addValidation({ validate: () => [] });
      objects.push(object);
    }
  }
}
// It has no aspects: whoever wants one visits the tree.
for (const node of app.node.findAll()) {
  if (ApiObject.isApiObject(node) && node.kind === "Job")
    node.addJsonPatch(JsonPatch.add("/spec/startupCommand", "true"));
}
app.synth();
report(start, objects.length);
