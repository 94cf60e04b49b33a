/** Makes and changes elements of the page, and puts times and addresses into words. */
export const ELEMENTS = String.raw`
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
`;
