// The page side of the guide view: shows what the extension sends, asks it for pages and search results, remembers the place.
// @ts-check
(() => {
  // @ts-ignore VS Code puts this function into the page.
  const vscode = acquireVsCodeApi();

  /** @template {HTMLElement} T @param {string} id @returns {T} */
  const byId = (id) => /** @type {T} */ (document.getElementById(id));
  const page = byId("page");
  const side = byId("side");
  const results = byId("results");
  const query = /** @type {HTMLInputElement} */ (byId("query"));
  const back = /** @type {HTMLButtonElement} */ (byId("back"));
  const contents = byId("contents");

  /** @type {{ address: string, scroll: number }[]} */
  const history = [];
  let address = "";
  /** The address that "Back" went to, so that showing it does not put it on the stack again. */
  let returning = false;

  const remember = () => vscode.setState({ address, scroll: window.scrollY });
  const ask = (/** @type {string} */ wanted) => vscode.postMessage({ type: "open", address: wanted });

  // Pages

  /** @param {{ address: string, heading: string, html: string, scroll?: number }} message */
  function show(message) {
    if (address !== "" && !returning && address !== message.address) history.push({ address, scroll: window.scrollY });
    const scroll = returning ? pendingScroll : message.scroll;
    returning = false;
    back.disabled = history.length === 0;
    address = message.address;
    // The extension made this HTML with raw HTML switched off, and the page's policy runs no script in it.
    page.innerHTML = message.html;
    closeResults();
    markCurrent();
    dressUp();
    const heading = message.heading === "" ? null : document.getElementById(message.heading);
    if (heading) heading.scrollIntoView();
    else window.scrollTo(0, scroll ?? 0);
    page.focus({ preventScroll: true });
    remember();
  }

  function markCurrent() {
    for (const link of side.querySelectorAll("a")) {
      if (link.dataset["open"] !== address) {
        link.removeAttribute("aria-current");
        continue;
      }
      link.setAttribute("aria-current", "page");
      const part = link.closest("details");
      if (part) part.open = true;
      link.scrollIntoView({ block: "nearest" });
    }
    setContents(false);
  }

  // Reading progress

  /** @type {Set<string>} */
  let read = new Set();

  /** @param {{ read: string[] }} message */
  function showProgress(message) {
    read = new Set(message.read);
    showRead();
  }

  function showRead() {
    const links = [...side.querySelectorAll("a[data-open]")];
    for (const link of links) link.classList.toggle("read", read.has(/** @type {HTMLElement} */ (link).dataset["open"] ?? ""));
    const done = links.filter((it) => it.classList.contains("read")).length;
    byId("progress").textContent = done === 0 ? "" : `${done} of ${links.length} sections read`;
    for (const box of page.querySelectorAll("input[data-read]")) {
      const input = /** @type {HTMLInputElement} */ (box);
      input.checked = read.has(input.dataset["read"] ?? "");
    }
    for (const count of page.querySelectorAll("[data-count]")) {
      const boxes = [...(count.closest("h2")?.nextElementSibling?.querySelectorAll("input[data-read]") ?? [])];
      count.textContent = boxes.length === 0 ? "" : ` ${boxes.filter((it) => /** @type {HTMLInputElement} */ (it).checked).length}/${boxes.length}`;
    }
  }

  // What a page gets beyond its HTML: boxes to tick on the learning path, a filter over a long table.

  const MANY_ROWS = 15;

  function dressUp() {
    if (address === "learning-path") page.querySelectorAll("li > a[data-open]:first-child, li > p > a[data-open]:first-child").forEach(addBox);
    addFilter([...page.querySelectorAll("table")]);
    showRead();
  }

  /** @param {Element} link */
  function addBox(link) {
    const anchor = /** @type {HTMLElement} */ (link).dataset["open"] ?? "";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.dataset["read"] = anchor;
    box.setAttribute("aria-label", `I have read ${link.textContent}`);
    link.before(box, " ");
    const list = link.closest("ul, ol");
    list?.classList.add("path");
    const heading = list?.previousElementSibling;
    if (heading?.tagName === "H2" && !heading.querySelector("[data-count]")) {
      const count = document.createElement("small");
      count.dataset["count"] = "";
      heading.append(count);
    }
  }

  /**
   * One filter for all tables of a page; a part of the page whose rows are all hidden is hidden with them.
   * @param {HTMLTableElement[]} tables
   */
  function addFilter(tables) {
    const rows = tables.flatMap((it) => [...(it.tBodies[0]?.rows ?? [])]);
    const [first] = tables;
    if (!first || rows.length < MANY_ROWS) return;
    const input = document.createElement("input");
    input.type = "search";
    input.className = "filter";
    input.placeholder = `Filter ${rows.length} rows`;
    input.setAttribute("aria-label", "Filter the rows of the tables below");
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter((it) => it !== "");
      for (const row of rows) row.hidden = !words.every((it) => (row.textContent ?? "").toLowerCase().includes(it));
      for (const table of tables) {
        const frame = table.closest(".table") ?? table;
        const isEmpty = [...(table.tBodies[0]?.rows ?? [])].every((it) => it.hidden);
        /** @type {HTMLElement} */ (frame).hidden = isEmpty;
        const heading = frame.previousElementSibling;
        if (heading instanceof HTMLHeadingElement) heading.hidden = isEmpty;
      }
    });
    const frame = first.closest(".table") ?? first;
    const heading = frame.previousElementSibling;
    (heading instanceof HTMLHeadingElement ? heading : frame).before(input);
  }

  let pendingScroll = 0;
  function goBack() {
    const last = history.pop();
    if (!last) return;
    returning = true;
    pendingScroll = last.scroll;
    ask(last.address);
  }

  // Search

  /** @typedef {{ kind: string, name: string, address: string, title: string, heading: string, line: string }} Hit */

  /** @param {{ query: string, isAsked?: boolean, hits: Hit[] }} message */
  function showHits(message) {
    if (message.isAsked) query.value = message.query;
    if (message.query !== query.value.trim()) return;
    const count = document.createElement("p");
    count.textContent = message.hits.length === 0 ? "Nothing found." : message.hits.length === 1 ? "1 page" : `${message.hits.length} pages`;
    const list = document.createElement("ol");
    list.append(...message.hits.map(hitItem));
    results.replaceChildren(count, list);
    setResults(true);
  }

  /** @param {Hit} hit */
  function hitItem(hit) {
    const link = document.createElement("a");
    link.href = `#${hit.address}`;
    link.dataset["open"] = hit.address;
    const title = document.createElement("strong");
    title.textContent = [hit.title, hit.heading].filter((it, at) => it !== "" && (at === 0 || it !== hit.title)).join(" › ");
    const kind = document.createElement("em");
    kind.textContent = hit.kind === "section" ? "" : hit.name === hit.title ? hit.kind : `${hit.kind} ${hit.name}`;
    const line = document.createElement("small");
    line.textContent = hit.line;
    link.append(title, " ", kind, line);
    const item = document.createElement("li");
    item.append(link);
    return item;
  }

  const setResults = (/** @type {boolean} */ shown) => {
    results.hidden = !shown;
    page.hidden = shown;
  };
  const closeResults = () => {
    query.value = "";
    setResults(false);
  };
  const setContents = (/** @type {boolean} */ open) => {
    contents.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("contents-open", open);
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  query.addEventListener("input", () => {
    clearTimeout(typing);
    const wanted = query.value.trim();
    if (wanted === "") setResults(false);
    else typing = setTimeout(() => vscode.postMessage({ type: "search", query: wanted }), 120);
  });

  // Clicks and keys

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = /** @type {HTMLAnchorElement | null} */ (target?.closest("a[data-open]") ?? null);
    if (link) {
      event.preventDefault();
      ask(link.dataset["open"] ?? "");
      return;
    }
    const snippet = /** @type {HTMLElement | null} */ (target?.closest("button[data-snippet]") ?? null);
    if (snippet) {
      vscode.postMessage({ type: "snippet", name: snippet.dataset["snippet"] });
      return;
    }
    const copy = target?.closest("button.copy");
    if (copy) {
      vscode.postMessage({ type: "copy", text: copy.parentElement?.querySelector("code")?.textContent ?? "" });
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), 1500);
    }
  });
  page.addEventListener("change", (event) => {
    const box = event.target instanceof HTMLInputElement ? event.target : null;
    const anchor = box?.dataset["read"];
    if (box && anchor) vscode.postMessage({ type: "read", anchor, isRead: box.checked });
  });
  back.addEventListener("click", goBack);
  contents.addEventListener("click", () => setContents(contents.getAttribute("aria-expanded") !== "true"));

  document.addEventListener("keydown", (event) => {
    const typed = event.target === query;
    // A filter or a box of the page has its own use for keys.
    if (!typed && event.target instanceof HTMLInputElement) return;
    if (event.key === "Escape" && (typed || !results.hidden)) {
      closeResults();
      page.focus();
    } else if (event.key === "/" && !typed) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Backspace" && !typed) {
      goBack();
    } else if (event.key === "ArrowDown" && (typed || results.contains(document.activeElement))) {
      event.preventDefault();
      moveInResults(1);
    } else if (event.key === "ArrowUp" && results.contains(document.activeElement)) {
      event.preventDefault();
      moveInResults(-1);
    }
  });

  function moveInResults(/** @type {number} */ step) {
    const links = [...results.querySelectorAll("a")];
    const next = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) + step;
    (links[next] ?? (next < 0 ? query : undefined))?.focus();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let scrolling;
  window.addEventListener("scroll", () => {
    clearTimeout(scrolling);
    scrolling = setTimeout(remember, 200);
  });

  window.addEventListener("message", ({ data }) => {
    if (data.type === "show") show(data);
    else if (data.type === "hits") showHits(data);
    else if (data.type === "progress") showProgress(data);
  });
  vscode.postMessage({ type: "ready", place: vscode.getState() });
})();
