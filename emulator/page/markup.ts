/** What stands still on the page; the script fills it. */
export const MARKUP = `
<header>
  <div class="bar">
    <h1><span class="logo" aria-hidden="true">M</span>Mags emulator</h1>
    <span id="mode" class="chip" title="How scripts run"></span>
    <span class="grow"></span>
    <span id="clock" class="quiet number" title="Time of the emulator"></span>
    <span id="link" class="link" role="status"><i></i><span id="link-text">connecting</span></span>
  </div>
  <ul id="notes" class="quiet"></ul>
</header>

<div id="gone" role="alert" hidden>
  <strong>The emulator does not answer.</strong>
  <span>What you see is how it was at <b id="gone-since"></b>. Start it again on this port with
  <code id="gone-command"></code>; this page goes on by itself.</span>
</div>

<main id="main">
  <section id="empty" class="panel" hidden>
    <h2>Nothing here yet</h2>
    <p>The emulator is ready and starts empty. Point your shell at it, with the token it printed when it started:</p>
    <div class="copy"><pre id="empty-shell"></pre><button type="button" data-copy="empty-shell">Copy</button></div>
    <p>Then run <code>pulumi up</code> on a program that uses <code>pulumi-mags</code>, or make a first VM by hand:</p>
    <div class="copy"><pre id="empty-curl"></pre><button type="button" data-copy="empty-curl">Copy</button></div>
    <p class="quiet">VMs, workspaces, aliases and cron jobs appear on this page as they are made.</p>
  </section>

  <div id="early-calls">
    <section id="calls-panel" class="panel" aria-labelledby="calls-title" hidden>
      <div class="title"><h2 id="calls-title">Last API calls</h2><span id="calls-count" class="count"></span></div>
      <div class="tall"><table class="calls"><tbody id="calls"></tbody></table></div>
    </section>
  </div>

  <div id="fleet" hidden>
    <div class="columns">
      <div class="main">
      <section class="panel" aria-labelledby="vms-title">
        <div class="title">
          <h2 id="vms-title">VMs</h2>
          <div id="states" class="states" role="group" aria-label="Show VMs by state"></div>
          <span class="grow"></span>
          <input id="filter" type="search" placeholder="Filter" title="By name, workspace, id, URL or log" aria-label="Filter VMs" autocomplete="off" spellcheck="false">
        </div>
        <div id="scroll"><table class="vms">
          <thead><tr><th>State</th><th>Name and last log line</th><th>URL</th><th class="wide">Workspace</th><th class="right">Disk</th><th class="right wide">Age</th></tr></thead>
          <tbody id="vms"></tbody>
        </table></div>
        <p id="vms-none" class="none" hidden></p>
      </section>
        <div id="late-calls"></div>
      </div>
      <div class="side">
        <section class="panel" aria-labelledby="aliases-title">
          <div class="title"><h2 id="aliases-title">Aliases</h2><span id="aliases-count" class="count"></span></div>
          <ul id="aliases" class="list"></ul>
          <p id="aliases-none" class="none" hidden>No alias: a URL of a VM is new with every VM, an alias stays.</p>
        </section>
        <section class="panel" aria-labelledby="crons-title">
          <div class="title"><h2 id="crons-title">Cron jobs</h2><span id="crons-count" class="count"></span></div>
          <ul id="crons" class="list"></ul>
          <p id="crons-none" class="none" hidden>No cron job.</p>
        </section>
        <section class="panel" aria-labelledby="workspaces-title">
          <div class="title"><h2 id="workspaces-title">Workspaces</h2><span id="workspaces-count" class="count"></span></div>
          <ul id="workspaces" class="list tall"></ul>
          <p id="workspaces-none" class="none" hidden>No workspace: files live and end with their VM.</p>
        </section>
      </div>
    </div>
  </div>

</main>
<noscript><p class="none">This page needs JavaScript. <code>/_emulator/state</code> holds the same as JSON.</p></noscript>
`;
