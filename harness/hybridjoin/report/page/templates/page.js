"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  const show = (element, visible) => { if (element.hidden === visible) element.hidden = !visible; };

  // Opening: an arrow, or any link to something folded away, unfolds the way to it.
  const unfold = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
  };
  const here = (id) => {
    all(".arrow.here").forEach((arrow) => arrow.classList.remove("here"));
    all(`.arrow[href="#${CSS.escape(id)}"]`).forEach((arrow) => arrow.classList.add("here"));
  };
  // A body that an earlier scenario already shows is copied in when it is asked for; its marks get this place's names.
  const fill = (pre) => {
    const source = byId(pre.dataset.same);
    if (source) pre.replaceChildren(...Array.from(source.childNodes, (node) => node.cloneNode(true)));
    all("[id]", pre).forEach((mark) => { mark.id = pre.id + mark.id.slice(source.id.length); });
    delete pre.dataset.same;
  };
  const reveal = (id, alone) => {
    const same = byId(id) && byId(id).closest("pre[data-same]");
    if (same) fill(same);
    const target = byId(id);
    if (!target) return;
    // A probe lies in a folded chapter, and what was said in it is what a link to it is about.
    const probe = target.matches(".probes > li");
    const fold = probe ? target : target.closest("details") || target;
    if (alone) all(":scope > details[open]", fold.parentElement).forEach((other) => { if (other !== fold) other.open = false; });
    show(target.closest(".chapter") || target, true);
    unfold(fold);
    if (probe) all(".exchange", fold).forEach((exchange) => { exchange.open = true; });
    const summary = fold.querySelector("summary") || fold;
    fold.scrollIntoView({ block: "nearest" });
    if (summary.getBoundingClientRect().top < 60) fold.scrollIntoView({ block: "start" });
    summary.focus({ preventScroll: true });
    if (fold.classList.contains("exchange")) here(fold.querySelector(".messages").id);
    if (target.classList.contains("spot")) {
      target.scrollIntoView({ block: "center" });
      target.focus({ preventScroll: true });
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || event.metaKey || event.ctrlKey) return;
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    event.preventDefault();
    history.replaceState(null, "", "#" + id);
    reveal(id, link.hasAttribute("data-open"));
  });
  const follow = () => { if (location.hash.length > 1) reveal(decodeURIComponent(location.hash.slice(1)), false); };
  window.addEventListener("hashchange", follow);

  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.classList.contains("exchange")) all("pre[data-same]", event.target).forEach(fill);
  }, true);

  // Filtering.
  const bar = byId("bar"), find = byId("find"), tally = byId("tally");
  const picks = ["area", "level", "verdict"].map(byId);
  const read = (row) => ({
    element: row, sheet: row.closest(".sheet"), text: row.textContent.toLowerCase(), area: row.dataset.a, level: row.dataset.l, verdicts: row.dataset.o.trim().split(" "),
  });
  let index = null;
  const build = () => ({
    chapters: all(".scenario").map((chapter) => ({
      chapter,
      row: document.querySelector(`.runs tr[data-for="${CSS.escape(chapter.id)}"]`),
      outcome: chapter.dataset.outcome,
      words: chapter.dataset.words,
      verdicts: all(".verdicts tbody tr", chapter).map(read),
    })),
    book: all(".book tbody tr").map(read),
  });
  const apply = () => {
    index = index || build();
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = new Set(all('input[name="outcome"]:checked').map((box) => box.value));
    const [area, level, verdict] = picks.map((pick) => (pick ? pick.value : ""));
    const picked = Boolean(area || level || verdict);
    const has = (text) => words.every((word) => text.includes(word));
    const fits = (row) => (!area || row.area === area) && (!level || row.level === level) && (!verdict || row.verdicts.includes(verdict));
    // Of a sheet without a row nothing may be left, not even its height.
    const filled = new Map();
    const place = (item, visible) => {
      show(item.element, visible);
      if (item.sheet) filled.set(item.sheet, filled.get(item.sheet) || visible);
    };
    let shown = 0;
    for (const { chapter, row, outcome, words: own, verdicts } of index.chapters) {
      const named = has(own);
      const fitting = verdicts.map((item) => fits(item) && (named || has(item.text)));
      const visible = outcomes.has(outcome) && ((!picked && named) || fitting.includes(true));
      // The rows of a chapter that is hidden anyway are left as they are: touching thousands costs the time.
      if (visible) verdicts.forEach((item, at) => place(item, fitting[at]));
      show(chapter, visible);
      show(row, visible);
      shown += visible;
    }
    let answers = 0;
    for (const item of index.book) {
      const visible = fits(item) && has(item.text);
      place(item, visible);
      answers += visible;
    }
    filled.forEach((any, sheet) => show(sheet, any));
    show(byId("nothing"), shown === 0);
    const none = byId("no-answer");
    const [count, of] = none ? [answers, index.book.length] : [shown, index.chapters.length];
    if (none) show(none, answers === 0);
    tally.textContent = count === of ? "" : `${count} of ${of} shown`;
  };
  // Reading ten thousand rows takes a moment: better while nobody waits.
  const idle = window.requestIdleCallback || ((work) => setTimeout(work, 300));
  idle(() => { index = index || build(); });
  let soon = 0;
  const later = () => { cancelAnimationFrame(soon); soon = requestAnimationFrame(apply); };
  bar.addEventListener("input", later);
  bar.addEventListener("submit", (event) => event.preventDefault());
  byId("open").addEventListener("click", () => all(".chapter").forEach((chapter) => { chapter.open = true; }));
  byId("close").addEventListener("click", () => all(".chapter").forEach((chapter) => { chapter.open = false; }));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing) { event.preventDefault(); find.focus(); }
    if (event.key === "Escape" && event.target === find) { find.value = ""; apply(); }
  });
  bar.hidden = false;
  follow();
})();
