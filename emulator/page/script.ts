/**
 * What runs in the browser. Texts get into the page as text nodes only, never as HTML, and rows are kept
 * from one refresh to the next, so that selection, scroll position and open logs stay.
 */
export const SCRIPT = String.raw`
"use strict";
(() => {
  const PERIOD_MS = 1500;
  const PATIENCE_MS = 5000;
  const STATES = {
    running: ["green", "running"],
    sleeping: ["blue", "sleeping"],
    pending: ["amber", "starting"],
    stopping: ["amber", "stopping"],
    completed: ["grey", "completed"],
    error: ["red", "error"],
  };
  const ACTIVE = ["running", "sleeping", "pending", "stopping"];
  const ALIAS_STATES = { "answers": "green", "no active job": "grey", "no access": "amber", "workspace deleted": "red" };
  const byId = (id) => document.getElementById(id);

  let state;
  let shownState = "all";
  let lastSeen;
  const open = new Set();

  // Elements

  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  function setText(element, text) {
    const value = text === undefined || text === null ? "" : String(text);
    if (element.textContent !== value) element.textContent = value;
  }

  function setClass(element, name) {
    if (element.className !== name) element.className = name;
  }

  function setTitle(element, text) {
    if (element.title !== text) element.title = text;
  }

  /** Only addresses of the web become links. */
  function setLink(element, url) {
    if (/^https?:\/\//.test(url || "")) {
      if (element.getAttribute("href") !== url) element.setAttribute("href", url);
    } else element.removeAttribute("href");
  }

  function makeLink() {
    const link = make("a", "cut");
    link.target = "_blank";
    link.rel = "noreferrer noopener";
    return link;
  }

  function makeState() {
    return make("span", "state", make("i"), make("span"));
  }

  function setState(element, colour, label) {
    setClass(element, "state " + colour);
    setText(element.lastChild, label);
  }

  /** Makes the children of a parent be one per item, in order, keeping those that were there before. */
  function keep(parent, items, keyOf, create, update) {
    const known = parent.known || (parent.known = new Map());
    const wanted = new Set();
    let place = parent.firstChild;
    for (const item of items) {
      const key = keyOf(item);
      wanted.add(key);
      let entry = known.get(key);
      if (!entry) known.set(key, (entry = create(item)));
      update(entry, item);
      for (const element of entry.elements) {
        if (element === place) place = place.nextSibling;
        else parent.insertBefore(element, place);
      }
    }
    for (const [key, entry] of known) {
      if (wanted.has(key)) continue;
      known.delete(key);
      for (const element of entry.elements) element.remove();
    }
  }

  // Words

  function span(ms) {
    const seconds = Math.max(0, Math.round(ms / 1000));
    if (seconds < 60) return seconds + " s";
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return minutes + " min";
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return hours + " h" + (minutes % 60 && hours < 10 ? " " + (minutes % 60) + " min" : "");
    return Math.floor(hours / 24) + " days";
  }

  const since = (time) => span(Date.parse(state.now) - Date.parse(time));
  const until = (time) => "in " + span(Date.parse(time) - Date.parse(state.now));
  const stamp = (time) => time.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const minute = (time) => Number(time.slice(8, 10)) + " " + MONTHS[Number(time.slice(5, 7)) - 1] + " " + time.slice(11, 16);
  const hour = (time) => time.slice(11, 19);
  const plain = (url) => url.replace(/^https?:\/\//, "");
  const several = (items) => items.some((item) => item.account > 0);
  const owner = (account) => (account < 0 ? "no account" : "account " + (account + 1));

  // VMs

  function matches(vm, words) {
    if (shownState === "ended" ? ACTIVE.includes(vm.state) : shownState !== "all" && vm.state !== shownState) return false;
    if (words.length === 0) return true;
    const text = [vm.name, vm.workspaceId, vm.requestId, vm.vmId, vm.url, ...vm.log].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  }

  function createVm(vm) {
    const badge = makeState();
    const name = make("button", "name");
    name.type = "button";
    const last = make("span", "last cut");
    const link = makeLink();
    const workspace = make("span", "cut");
    const disk = make("td", "right number");
    const age = make("td", "right wide number quiet");
    const row = make("tr", "vm", make("td", "", badge), make("td", "", name, last), make("td", "", link), make("td", "wide", workspace), disk, age);
    const facts = make("dl", "facts");
    const log = make("pre", "log");
    log.tabIndex = 0;
    const cell = make("td", "", facts, log);
    cell.colSpan = 6;
    const more = make("tr", "more", cell);
    const key = vm.requestId;
    more.id = "more-" + key;
    name.setAttribute("aria-controls", more.id);
    row.addEventListener("click", (event) => {
      if (event.target.closest("a[href]") || String(getSelection()) !== "") return;
      if (open.has(key)) open.delete(key);
      else open.add(key);
      show();
    });
    return { elements: [row, more], row, more, badge, name, last, link, workspace, disk, age, facts, log };
  }

  function updateVm(entry, vm) {
    const [colour, label] = STATES[vm.state] || ["grey", vm.state];
    const isOpen = open.has(vm.requestId);
    const ended = !ACTIVE.includes(vm.state);
    setClass(entry.row, "vm" + (isOpen ? " open" : "") + (ended ? " ended" : ""));
    entry.more.hidden = !isOpen;
    entry.name.setAttribute("aria-expanded", String(isOpen));
    setState(entry.badge, colour, vm.exitCode ? label + " " + vm.exitCode : label);
    setTitle(entry.badge, vm.state === "running" && !vm.vmId ? "running, but its VM id is not shown yet" : vm.state);
    setText(entry.name, vm.name);
    setText(entry.last, vm.log.length > 0 ? vm.log[vm.log.length - 1] : "");
    setText(entry.link, vm.url ? plain(vm.url) : ended ? "" : "no access yet");
    setClass(entry.link, vm.url ? "cut" : "cut quiet");
    setTitle(entry.link, vm.url ? (vm.state === "sleeping" ? "asleep: opening it wakes the VM" : vm.url) : "");
    setLink(entry.link, ended ? undefined : vm.url);
    setText(entry.workspace, vm.workspaceId || "–");
    setTitle(entry.workspace, vm.workspaceId || "files live and end with this VM");
    setText(entry.disk, vm.diskGb + " GB");
    const began = ended ? vm.endedAt : vm.startedAt;
    setText(entry.age, began ? since(began) + (ended ? " ago" : "") : "");
    setTitle(entry.age, began ? (ended ? "ended " : "started ") + stamp(began) : "");
    if (!isOpen) return;
    const facts = [
      ["request id", vm.requestId],
      ["VM", vm.vmId || "none"],
      ["ports", vm.ports.join(", ") || "none"],
      ["workspace", vm.workspaceId || "none"],
      ["kind", !vm.persistent ? "one-off" : vm.noSleep ? "persistent, never sleeps" : "persistent, sleeps when idle"],
      ...(vm.exitCode === undefined ? [] : [["exit code", String(vm.exitCode)]]),
      ...(vm.startedAt ? [["started", stamp(vm.startedAt)]] : []),
      ...(vm.endedAt ? [["ended", stamp(vm.endedAt)]] : []),
      ...(several(state.vms) ? [["account", String(vm.account + 1)]] : []),
    ];
    keep(entry.facts, facts, (fact) => fact[0],
      (fact) => {
        const value = make("dd", "");
        return { elements: [make("div", "", make("dt", "", fact[0]), value)], value };
      },
      (item, fact) => setText(item.value, fact[1]));
    const atEnd = entry.log.scrollTop + entry.log.clientHeight >= entry.log.scrollHeight - 4;
    setText(entry.log, vm.log.join("\n") || "nothing was logged yet");
    if (atEnd) entry.log.scrollTop = entry.log.scrollHeight;
  }

  function showVms() {
    const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const sorted = [...state.vms.filter((vm) => ACTIVE.includes(vm.state)), ...state.vms.filter((vm) => !ACTIVE.includes(vm.state))];
    const shown = sorted.filter((vm) => matches(vm, words));
    keep(byId("vms"), shown, (vm) => vm.requestId, createVm, updateVm);
    byId("vms-none").hidden = shown.length > 0;
    setText(byId("vms-none"), state.vms.length === 0 ? "No VM yet." : "No VM matches the filter.");
    const count = (test) => state.vms.filter(test).length;
    const choices = [
      ["all", "all", state.vms.length],
      ...Object.entries(STATES).filter(([key]) => ACTIVE.includes(key)).map(([key, value]) => [key, value[1], count((vm) => vm.state === key)]),
      ["ended", "ended", count((vm) => !ACTIVE.includes(vm.state))],
    ].filter(([key, , number]) => number > 0 || key === "all" || key === shownState);
    keep(byId("states"), choices, (choice) => choice[0],
      ([key, label]) => {
        const number = make("b", "");
        const button = make("button", "", label + " ", number);
        button.type = "button";
        button.dataset.state = key;
        button.addEventListener("click", () => {
          shownState = key;
          show();
        });
        return { elements: [button], button, number };
      },
      (item, [key, , number]) => {
        setText(item.number, number);
        item.button.setAttribute("aria-pressed", String(key === shownState));
      });
  }

  // The side

  function showList(name, items, keyOf, update) {
    keep(byId(name), items, keyOf,
      () => {
        const head = makeLink();
        const badge = makeState();
        const tag = make("span", "tag");
        const under = make("div", "under");
        return { elements: [make("li", "", make("div", "row", head, tag, badge), under)], head, badge, tag, under };
      },
      (item, value) => {
        setText(item.tag, owner(value.account));
        item.tag.hidden = !several(items);
        update(item, value);
      });
    setText(byId(name + "-count"), items.length);
    byId(name + "-none").hidden = items.length > 0;
  }

  function showAliases() {
    showList("aliases", state.aliases, (alias) => alias.subdomain + "." + alias.domain, (item, alias) => {
      setText(item.head, alias.subdomain);
      setTitle(item.head, alias.url);
      setLink(item.head, alias.url);
      setState(item.badge, ALIAS_STATES[alias.state] || "grey", alias.state);
      const target = alias.target ? alias.target + (alias.port ? " on port " + alias.port : "") : "workspace " + alias.workspaceId;
      setText(item.under, "→ " + target + " · " + alias.domain);
    });
  }

  function showCrons() {
    showList("crons", state.crons, (cron) => cron.id, (item, cron) => {
      setText(item.head, cron.name);
      setTitle(item.head, cron.id);
      setState(item.badge, cron.enabled ? "green" : "grey", cron.enabled ? "on" : "off");
      const [first] = cron.nextRuns;
      const lines = [
        [cron.cronExpression, cron.workspaceId && "on " + cron.workspaceId, first ? "next " + until(first) : "does not fire"],
        [cron.nextRuns.map(minute).join(" · ") + (first ? " UTC" : "")],
        cron.lastRunAt ? ["last fired " + since(cron.lastRunAt) + " ago"] : [],
      ];
      const texts = lines.map((parts) => parts.filter(Boolean).join(" · ")).filter(Boolean);
      setText(item.under, texts.join("\n"));
    });
  }

  function showWorkspaces() {
    showList("workspaces", state.workspaces, (workspace) => workspace.account + "/" + workspace.workspaceId, (item, workspace) => {
      setText(item.head, workspace.workspaceId);
      setState(item.badge, workspace.activeJob ? "green" : "grey", workspace.activeJob ? "in use" : "idle");
      const by = workspace.activeJob ? "by " + workspace.activeJob + " · " : "";
      setText(item.under, by + (workspace.lastSyncedAt ? "synced " + since(workspace.lastSyncedAt) + " ago" : "not synced yet"));
    });
  }

  function showCalls() {
    // Calls have no id: place from the end tells them apart, and a row is only written when it changes.
    keep(byId("calls"), state.calls.map((call, index) => ({ call, index })), ({ index }) => index,
      () => {
        const cells = Array.from({ length: 5 }, () => make("td", ""));
        return { elements: [make("tr", "", ...cells)], cells };
      },
      ({ cells }, { call }) => {
        const [at, method, path, status, fault] = cells;
        setText(at, hour(call.at));
        setText(method, call.method);
        setText(path, call.path);
        setTitle(path, call.path);
        setText(status, call.status || "cut");
        setClass(status, call.status >= 400 || call.status === 0 ? "bad" : "fine");
        setText(fault, [call.fault, several(state.calls) || call.account < 0 ? owner(call.account) : ""].filter(Boolean).join(" · "));
        setClass(fault, call.fault ? "fault" : "quiet");
      });
    byId("calls-panel").hidden = state.calls.length === 0;
    setText(byId("calls-count"), state.calls.length);
  }

  // The whole

  function show() {
    if (!state) return;
    const empty = state.vms.length + state.workspaces.length + state.aliases.length + state.crons.length === 0;
    byId("empty").hidden = !empty;
    byId("fleet").hidden = empty;
    byId("early-calls").hidden = !empty;
    // A first call that went wrong is to be seen, too.
    const place = byId(empty ? "early-calls" : "late-calls");
    if (byId("calls-panel").parentNode !== place) place.append(byId("calls-panel"));
    setText(byId("mode"), state.mode === "simulate" ? "scripts are simulated" : "real processes, by " + state.mode);
    setText(byId("clock"), stamp(state.now));
    const notes = [...state.notes, ...(state.pool.waiting > 0 ? [state.pool.waiting + " jobs wait for a free VM: the pool is full."] : [])];
    keep(byId("notes"), notes, (note) => note, (note) => ({ elements: [make("li", "", note)] }), () => undefined);
    showVms();
    showAliases();
    showCrons();
    showWorkspaces();
    showCalls();
    const active = state.vms.filter((vm) => ACTIVE.includes(vm.state)).length;
    document.title = (active > 0 ? active + (active === 1 ? " VM" : " VMs") + " · " : "") + "Mags emulator";
  }

  function link(kind, text) {
    setClass(byId("link"), "link " + kind);
    setText(byId("link-text"), text);
    byId("gone").hidden = kind !== "lost";
    document.body.classList.toggle("stale", kind === "lost");
  }

  async function refresh() {
    try {
      const answer = await fetch("/_emulator/state", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!answer.ok) throw new Error("status " + answer.status);
      state = await answer.json();
      lastSeen = new Date();
      link("live", "live");
    } catch {
      // Whatever the reason is: there is no state to show, and the banner says what to do.
      setText(byId("gone-since"), lastSeen ? lastSeen.toLocaleTimeString() : "no time yet");
      link("lost", "not answering");
      return;
    }
    show();
  }

  let timer;
  let busy = false;
  async function loop() {
    clearTimeout(timer);
    if (document.hidden) {
      link("paused", "paused");
      return;
    }
    if (busy) return;
    busy = true;
    try {
      await refresh();
    } finally {
      busy = false;
      timer = setTimeout(loop, PERIOD_MS);
    }
  }

  const origin = location.origin;
  setText(byId("gone-command"), "mags-iac emulator --port " + (location.port || "80"));
  setText(byId("empty-shell"), "export MAGS_API_URL=" + origin + "\nexport MAGS_API_TOKEN=<token>");
  setText(byId("empty-curl"),
    'curl "$MAGS_API_URL/api/v1/mags-jobs" -H "Authorization: Bearer $MAGS_API_TOKEN" \\\n' +
    "  -H 'Content-Type: application/json' \\\n" +
    '  -d \'{"name": "hello", "script": "echo hello; sleep infinity", "persistent": true}\'');
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = byId(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        setText(button, "Copied");
      } catch {
        // The browser does not permit it: selected, so that the keyboard can.
        getSelection().selectAllChildren(source);
        setText(button, "Selected");
      }
      setTimeout(() => setText(button, "Copy"), 1500);
    });
  }
  byId("filter").addEventListener("input", show);
  document.addEventListener("visibilitychange", loop);
  loop();
})();
`;
