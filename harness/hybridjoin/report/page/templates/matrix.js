"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const bar = byId("bar"), find = byId("find"), tally = byId("tally"), differing = byId("differing");
  const picks = ["area", "level", "verdict"].map(byId);
  const rows = Array.from(document.querySelectorAll(".matrix tbody tr"), (row) => ({
    row, text: row.textContent.toLowerCase(), area: row.dataset.a, level: row.dataset.l, verdicts: row.dataset.o.split(" "), differs: "differs" in row.dataset,
  }));
  const apply = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [area, level, verdict] = picks.map((pick) => pick.value);
    let shown = 0;
    for (const item of rows) {
      const visible = (!area || item.area === area) && (!level || item.level === level) && (!verdict || item.verdicts.includes(verdict))
        && (!differing.checked || item.differs) && words.every((word) => item.text.includes(word));
      if (item.row.hidden === visible) item.row.hidden = !visible;
      shown += visible;
    }
    byId("nothing").hidden = shown > 0;
    tally.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} shown`;
  };
  bar.addEventListener("input", apply);
  bar.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, select")) { event.preventDefault(); find.focus(); }
    if (event.key === "Escape" && event.target === find) { find.value = ""; apply(); }
  });
  bar.hidden = false;
})();
