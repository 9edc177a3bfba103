// The number card, arrow keys inside tables, and scroll boxes that are tab stops only when they scroll.
// Without this file every number still links to the static register page.
(() => {
  "use strict";
  const el = (tag, attrs = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), attrs);
    node.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
    return node;
  };

  const data = document.getElementById("tallregister");
  if (data && HTMLElement.prototype.showPopover) cards(JSON.parse(data.textContent));
  document.querySelectorAll(".rapport .boks").forEach(box);
  document.querySelectorAll("#meny .sideinnhold a").forEach((a) =>
    a.addEventListener("click", () => { if (document.querySelector("#meny:popover-open")) document.getElementById("meny").hidePopover(); }));

  function cards({ numbers, sources }) {
    const links = [...document.querySelectorAll("a.tall")].filter((a) => numbers[refOf(a)]);
    const source = new Map(sources.map((s) => [s.id, s]));
    const card = el("div", { id: "tallkort", popover: "auto" });
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-labelledby", "tallkort-tittel");
    document.body.append(card);
    let opener = null;

    for (const a of links) {
      a.setAttribute("aria-haspopup", "dialog");
      a.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the register page in a new tab
        event.preventDefault();
        open(a);
      });
      a.addEventListener("keydown", (event) => {
        if (event.key === " ") { event.preventDefault(); open(a); }
      });
    }
    card.addEventListener("toggle", (event) => {
      if (event.newState === "open" || !opener) return;
      opener.removeAttribute("aria-expanded");
      if (document.activeElement === document.body || card.contains(document.activeElement)) opener.focus({ preventScroll: true });
      opener = null;
    });

    function open(a) {
      if (opener && opener !== a) opener.removeAttribute("aria-expanded");
      opener = a;
      a.setAttribute("aria-expanded", "true");
      fill(refOf(a), []);
      card.showPopover();
      place(a);
      card.querySelector("h2").focus({ preventScroll: true });
    }

    // Under the number, or above it when there is no room; the style sheet makes it a bottom sheet on small screens.
    function place(a) {
      card.style.left = card.style.top = card.style.maxHeight = "";
      if (getComputedStyle(card).position === "fixed") return;
      const at = a.getBoundingClientRect();
      const left = Math.max(16, Math.min(at.left - 16, document.documentElement.clientWidth - card.offsetWidth - 16));
      const under = innerHeight - at.bottom - 16, over = at.top - 16;
      const below = card.offsetHeight <= under || under >= over;
      card.style.maxHeight = `${below ? under : over}px`;
      card.style.left = `${left + scrollX}px`;
      card.style.top = `${scrollY + (below ? at.bottom + 8 : at.top - 8 - card.offsetHeight)}px`;
    }

    function fill(ref, trail) {
      const n = numbers[ref];
      const show = (to, path) => { fill(to, path); card.querySelector("h2").focus({ preventScroll: true }); };
      const back = el("button", { type: "button", textContent: "← Tilbake", onclick: () => show(trail.at(-1), trail.slice(0, -1)) });
      const close = el("button", { type: "button", textContent: "×", onclick: () => card.hidePopover() });
      close.setAttribute("aria-label", "Lukk");
      // An amount of money is headed as the page says it: «78,3 mill. kroner», and not in the table's thousands.
      const said = opener && ref === refOf(opener) ? opener.textContent.trim() : "";
      const heading = said.includes("kroner") && !n.text.startsWith("−") ? said : n.heading;
      const unit = n.unit && !heading.replaceAll("\u00a0", " ").includes(n.unit) ? ` i ${n.unit}` : "";
      const rows = [
        ["Verdi", n.value && el("span", {}, n.value, unit, n.range ? ` (avrundingen tillater ${n.range})` : "")],
        ["Beregning", (n.how || n.formula) && [[n.how, n.formula].filter(Boolean).join(": "), n.because].filter(Boolean).join(". ")],
        ["Ledd", n.terms?.length && el("ul", {}, ...n.terms.map((t) => el("li", {}, el("span", {}, t.label),
          numbers[t.ref] ? el("button", { type: "button", textContent: t.value, onclick: () => show(t.ref, [...trail, ref]) }) : el("span", {}, t.value))))],
        ["Trykt tall", n.printed && [n.printed, n.verdict].filter(Boolean).join(" – ")],
        ["Celle", n.cells?.length && lines(n.cells)],
        ["Kilde", n.sources?.length && el("span", {}, ...n.sources.map((id) => origin(source.get(id))))],
        ["Samme tall i", n.places?.length && n.places.join(", ")],
      ];
      const register = document.querySelector("a.tall[href]").getAttribute("href").split("#")[0];
      card.replaceChildren(
        el("div", { className: "linje" }, el("h2", { id: "tallkort-tittel", tabIndex: -1, textContent: heading }), close),
        el("p", { className: "hva", textContent: n.label }),
        el("dl", {}, ...rows.filter(([, v]) => v).flatMap(([k, v]) => [el("dt", { textContent: k }), el("dd", {}, v)])),
        el("p", { className: "mer linje" }, el("a", { href: `${register}#${ref}`, textContent: "Vis i tallregisteret" }), trail.length ? back : ""),
      );
      card.scrollTop = 0;
      if (opener && card.matches(":popover-open")) place(opener);
    }

    const lines = (items) => el("span", {}, ...items.flatMap((t, i) => (i ? [el("br"), t] : [t])));
    const origin = (s) => el("div", {}, s.register ? `${s.label}, ${s.register}` : s.label,
      ...(s.file ? [el("br"), s.file] : []),
      ...(s.sha256 ? [el("br"), el("span", { title: s.sha256, textContent: `sha256 ${s.sha256.slice(0, 12)}…` })] : []));
  }

  function refOf(a) { return a.hash.slice(1); }

  function box(node) {
    const label = ["role", "tabindex"].map((name) => [name, node.getAttribute(name)]);
    new ResizeObserver(() => {
      const scrolls = node.scrollWidth > node.clientWidth + 1;
      for (const [name, value] of label) if (scrolls) node.setAttribute(name, value); else node.removeAttribute(name);
    }).observe(node);

    // One tab stop a table; the arrow keys move to the nearest number in that direction.
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    node.addEventListener("keydown", (event) => {
      const from = event.target.closest("td a.tall");
      if (!from || !step[event.key]) return;
      event.preventDefault();
      const [dr, dc] = step[event.key];
      const rows = node.querySelector("table").rows;
      let r = from.closest("tr").rowIndex, c = from.closest("td").cellIndex, to = null;
      while (!to && rows[r + dr] && (dr || rows[r].cells[c + dc])) {
        r += dr; c += dc;
        to = rows[r].cells[c]?.querySelector("a.tall");
      }
      if (!to) return;
      from.tabIndex = -1;
      to.tabIndex = 0;
      to.focus();
    });
  }
})();
