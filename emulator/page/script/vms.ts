/** The table of VMs. */
export const VMS = String.raw`
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
    const tag = make("span", "tag");
    const last = make("span", "last cut");
    const link = makeLink();
    const workspace = make("span", "cut");
    const disk = make("td", "right number");
    const age = make("td", "right wide number quiet");
    const row = make("tr", "vm", make("td", "", badge), make("td", "", make("div", "named", name, tag), last), make("td", "", link), make("td", "wide", workspace), disk, age);
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
    return { elements: [row, more], row, more, badge, name, tag, last, link, workspace, disk, age, facts, log };
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
    setText(entry.tag, owner(vm.account));
    entry.tag.hidden = !several(state.vms);
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
`;
