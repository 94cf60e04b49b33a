import { ELEMENTS } from "./elements";
import { LISTS } from "./lists";
import { REFRESH } from "./refresh";
import { VMS } from "./vms";

/** What the parts share. */
const HEAD = String.raw`  const PERIOD_MS = 1500;
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
`;

/**
 * What runs in the browser. Texts get into the page as text nodes only, never as HTML, and rows are kept
 * from one refresh to the next, so that selection, scroll position and open logs stay.
 */
export const SCRIPT = `
"use strict";
(() => {
${[HEAD, ELEMENTS, VMS, LISTS, REFRESH].join("")}})();
`;
