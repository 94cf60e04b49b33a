/** Asks the emulator again and again, and shows what it answers. */
export const REFRESH = String.raw`
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
`;
