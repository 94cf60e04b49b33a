/** Aliases, cron jobs, workspaces and the last calls. */
export const LISTS = String.raw`
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
`;
