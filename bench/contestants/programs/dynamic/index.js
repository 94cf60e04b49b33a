const pulumi = require("@pulumi/pulumi");

const count = Number(process.env.BENCH_RESOURCES);
const change = process.env.BENCH_CHANGE;

async function call(method, path, body) {
  const response = await fetch(`${process.env.MAGS_API_URL}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${process.env.MAGS_API_TOKEN}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const provider = {
  async check(_olds, news) {
    const failures = news.script ? [] : [{ property: "script", reason: "a job needs a script" }];
    return { inputs: news, failures };
  },

  async diff(_id, olds, news) {
    const replaces = ["name", "script", "environment"].filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    return {
      changes: replaces.length > 0 || olds.startupCommand !== news.startupCommand,
      replaces,
      deleteBeforeReplace: true,
    };
  },

  async create({ name, script, environment, startupCommand }) {
    const { request_id: id } = await call("POST", "/mags-jobs", {
      name,
      workspace_id: name,
      script,
      environment,
      startup_command: startupCommand,
      persistent: true,
      no_sync: true,
    });
    for (;;) {
      const { status, vm_id: vmId } = await call("GET", `/mags-jobs/${id}/status`);
      if (status === "error" || status === "completed") throw new Error(`${name} did not start: ${status}`);
      if (status === "running" && vmId) {
        return { id, outs: { name, script, environment, startupCommand, status, vmId } };
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  },

  async read(id, props) {
    const { status, vm_id: vmId } = await call("GET", `/mags-jobs/${id}/status`);
    return { id, props: { ...props, status, vmId } };
  },

  async update(id, olds, news) {
    await call("PATCH", `/mags-jobs/${id}`, { startup_command: news.startupCommand });
    return { outs: { ...olds, ...news } };
  },

  async delete(id) {
    await call("POST", `/mags-jobs/${id}/stop`);
  },
};

class Vm extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(provider, name, { ...args, status: undefined, vmId: undefined }, opts);
  }
}

for (let index = 0; index < count; index++) {
  new Vm(`vm-${index}`, {
    name: `vm-${index}`,
    script: "sleep infinity",
    environment: { STAGE: "bench" },
    startupCommand: index === count >> 1 ? `echo ${change}` : "echo 0",
  });
}
