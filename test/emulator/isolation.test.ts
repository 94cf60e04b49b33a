import * as fs from "node:fs/promises";
import * as net from "node:net";
import {
  access,
  call,
  exec,
  freePort,
  logs,
  processesWith,
  reached,
  ready,
  served,
  server,
  start,
  stopAll,
  submit,
  visit,
} from "./support";

afterEach(stopAll);

/** Direct children of this process whose command line holds a text. */
async function childrenNamed(text: string): Promise<number[]> {
  const pids = await processesWith(text);
  const own: number[] = [];
  for (const pid of pids) {
    const stat = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] === String(process.pid)) own.push(pid);
  }
  return own;
}

const sandbox = { script: "sleep infinity", persistent: true };

describe("namespaces", () => {
  test("two VMs listen on the same port at the same time", async () => {
    const emulator = await start({ isolation: "namespaces" });
    const names: string[] = [];
    for (const text of ["one", "two"]) {
      const id = await submit(emulator, { script: server(`"${text}"`), persistent: true });
      await ready(emulator, id);
      names.push(await access(emulator, id, 8080));
    }
    const bodies = await Promise.all(names.map(async (name) => (await served(emulator, name)).body));
    expect(bodies).toEqual(["one", "two"]);
  });

  test("a VM has a /root, /data, /uploads, /tmp and host name of its own, and no other network", async () => {
    const emulator = await start({ isolation: "namespaces" });
    const id = await submit(emulator, { ...sandbox, disk_gb: 3 });
    await ready(emulator, id);
    const look = async (command: string) => (await exec(emulator, id, command)).stdout.trim();
    expect(await look("ls -A /root; ls -A /uploads")).toBe("");
    expect(await look("ls -A /data")).toBe("lost+found");
    expect(await look("df --output=size -B1G /data | tail -1")).toBe("3");
    expect(await look("hostname")).toBe("mags-vm");
    expect(await look("node -p 6*7")).toBe("42");
    expect(await look("PATH=/.mags/bin node -p 6*7")).toBe("42");
    expect(
      await look("ls /sys/class/net >/dev/null; cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d ' '"),
    ).toBe("lo");
    expect(await look("ps -e | wc -l")).toMatch(/^\d$/);
  });

  test("a job sees neither another workspace's files nor the emulator's folder", async () => {
    const emulator = await start({ isolation: "namespaces" });
    const one = await submit(emulator, { ...sandbox, workspace_id: "one" });
    const two = await submit(emulator, { ...sandbox, workspace_id: "two" });
    await ready(emulator, one);
    await ready(emulator, two);
    await exec(emulator, one, "echo private-text > /root/mine; echo x > /data/y; echo z > /tmp/t");
    await call(emulator, "POST", `/v1/mags-jobs/${one}/sync`);
    const seen = await exec(
      emulator,
      two,
      "ls /root /data /tmp; find / -xdev -name mine 2>/dev/null; grep -rl private-text /tmp /root /uploads /data 2>/dev/null",
    );
    expect(seen.stdout).not.toMatch(/mine|private-text/);
    expect((await exec(emulator, two, "ls /data; ls /tmp/t")).stdout.trim()).toBe("lost+found");
  });

  test("if the process that holds all VMs is killed, their jobs fail, and new ones say why", async () => {
    const emulator = await start({ isolation: "namespaces" });
    const id = await submit(emulator, sandbox);
    await ready(emulator, id);
    const [holder] = await childrenNamed("holder.sh");
    process.kill(holder ?? 0, "SIGKILL");
    await reached(emulator, id, "error");
    const next = await submit(emulator, sandbox);
    await reached(emulator, next, "error");
    expect((await logs(emulator, next)).join(" ")).toContain("restart the emulator");
  });

  test("/data survives sleep and is lost with the VM", async () => {
    const emulator = await start({ isolation: "namespaces" });
    const id = await submit(emulator, { script: "echo x > /data/file", persistent: true, workspace_id: "d" });
    await reached(emulator, id, "sleeping");
    expect((await exec(emulator, id, "cat /data/file")).stdout).toBe("x\n");
    await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
    await reached(emulator, id, "completed");
    const next = await submit(emulator, { ...sandbox, workspace_id: "d" });
    await ready(emulator, next);
    expect((await exec(emulator, next, "ls /data")).stdout.trim()).toBe("lost+found");
  });

  test("with network, a VM reaches this machine's ports, and its own are still told apart", async () => {
    const outside = net.createServer((socket) => socket.end("outside\n"));
    const port = await new Promise<number>((resolve) =>
      outside.listen(0, "127.0.0.1", () => resolve((outside.address() as net.AddressInfo).port)),
    );
    try {
      const emulator = await start({ isolation: "namespaces", network: true });
      const inside = await freePort();
      const id = await submit(emulator, { script: server(`"inside"`, inside), persistent: true });
      await ready(emulator, id);
      const subdomain = await access(emulator, id, inside);
      expect((await served(emulator, subdomain)).body).toBe("inside");
      const read = `node -e 'require("net").connect(${port},"127.0.0.1").pipe(process.stdout)'`;
      expect((await exec(emulator, id, read)).stdout).toBe("outside\n");
      await access(emulator, id, port);
      expect(await visit(emulator, subdomain)).toMatchObject({ status: 502 });
    } finally {
      outside.close();
    }
  });
});

describe("ports", () => {
  const pair = (text: string, port: string | number) => ({
    script: server(`"${text}"`, port),
    persistent: true,
  });

  test("two VMs on $PORT work at the same time", async () => {
    const emulator = await start({ isolation: "ports" });
    const names: string[] = [];
    for (const text of ["one", "two"]) {
      const id = await submit(emulator, pair(text, "$PORT"));
      await ready(emulator, id);
      names.push(await access(emulator, id, 8080));
    }
    const bodies = await Promise.all(names.map(async (name) => (await served(emulator, name)).body));
    expect(bodies).toEqual(["one", "two"]);
  });

  test("a fixed port is served if its listener belongs to the VM; who takes it second is told so", async () => {
    const emulator = await start({ isolation: "ports", failFastMs: 0 });
    const port = await freePort();
    const first = await submit(emulator, { ...pair("first", port), name: "first" });
    await ready(emulator, first);
    const one = await access(emulator, first, port);
    expect((await served(emulator, one)).body).toBe("first");
    const second = await submit(emulator, { ...sandbox, name: "second" });
    await ready(emulator, second);
    const two = await access(emulator, second, port);
    const refused = await visit(emulator, two);
    expect(refused.status).toBe(502);
    expect(JSON.parse(refused.body).error).toContain("taken by the VM first");
    expect((await visit(emulator, one)).body).toBe("first");
  });

  test("another program's listener is never served", async () => {
    const foreign = net.createServer((socket) => socket.end("secret"));
    const port = await new Promise<number>((resolve) =>
      foreign.listen(0, "127.0.0.1", () => resolve((foreign.address() as net.AddressInfo).port)),
    );
    try {
      const emulator = await start({ isolation: "ports" });
      const id = await submit(emulator, sandbox);
      await ready(emulator, id);
      const answer = await visit(emulator, await access(emulator, id, port));
      expect(answer.status).toBe(502);
      expect(JSON.parse(answer.body).error).toContain("belongs to another program");
    } finally {
      foreign.close();
    }
  });

  test("what leaves its process group still belongs to the VM and ends with it", async () => {
    const emulator = await start({ isolation: "ports" });
    const id = await submit(emulator, {
      script: `setsid ${server(`"daemon"`, "$PORT").replace("exec ", "")} & sleep infinity`,
      persistent: true,
    });
    await ready(emulator, id);
    const subdomain = await access(emulator, id, 8080);
    expect((await served(emulator, subdomain)).body).toBe("daemon");
    await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
    await reached(emulator, id, "completed");
    expect(await logs(emulator, id)).toContain("job completed: stopped");
    expect((await visit(emulator, subdomain)).status).toBe(404);
  });

  test("the start-up notes say what is lost", async () => {
    const emulator = await start({ isolation: "ports" });
    expect(emulator.notes.join(" ")).toMatch(/\$HOME.*\$PORT/s);
  });
});
