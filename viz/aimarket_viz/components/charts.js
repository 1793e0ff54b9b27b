// Draws one world.  Data comes by message: {kind: "world"} is everything, {kind: "month"} one month more.
// After each drawing the page answers {kind: "drawn"}, and only then the next month is simulated.

const PRICES = [
  { column: "list_price_usd_per_mtok", label: "List, per Mtok", colour: "#0072b2", dash: "solid" },
  { column: "paid_price_usd_per_mtok", label: "Paid, per Mtok", colour: "#d55e00", dash: [7, 3] },
  { column: "service_price_usd_per_mtok", label: "Service, per Mtok", colour: "#009e73", dash: [2, 2] },
  { column: "spot_price_usd_per_gpu_hour", label: "Spot, per GPU-hour", colour: "#5c5c5c", dash: [9, 3, 2, 3] },
  { column: "contract_price_usd_per_gpu_hour", label: "Contract, per GPU-hour", colour: "#cc79a7", dash: "solid" },
];
const SHARE = 0, LERNER = 1, CASH = 2, RUNWAY = 3, ALIVE = 4;
const LOWEST_LERNER = -0.5;
const INK = "#454b54";
const LABEL_HEIGHT = 13;
const ROLES = ["frontier_lab", "open_weight_provider", "chip_maker", "compute_provider", "energy_supplier"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

const CARDS = [
  { id: "share", title: "Market share", note: "Share of buyers' spending on AI services" },
  { id: "lerner", title: "Pricing power", note: "Lerner index (price − cost) ÷ price; click a name to show or hide a firm" },
  { id: "prices", title: "Prices", note: "US dollars, log scale: each step up is ten times as much" },
];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function inWords(date) {
  const [year, month] = date.split("-");
  return `${MONTHS[Number(month) - 1]} ${year}`;
}

function money(musd) {
  if (musd === null) return "–";
  const size = Math.abs(musd);
  if (size >= 1e6) return `${(musd / 1e6).toFixed(2)} trn`;
  if (size >= 1e3) return `${(musd / 1e3).toFixed(1)} bn`;
  return `${musd.toFixed(0)} m`;
}

const percent = (share) => (share === null ? "–" : `${(100 * share).toFixed(share > 0 && share < 0.095 ? 1 : 0)}%`);
const dollars = (price) => (price === null ? "–" : `$${Number(price.toPrecision(3))}`);
const number = (value) => (value === null ? "–" : value.toFixed(2));

function frame(world, extra) {
  const narrow = extra.width < 480;
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: 48, right: narrow ? 88 : 104, top: 14, bottom: extra.legend ? 64 : 28 },
    tooltip: {
      trigger: "axis", confine: true, order: "valueDesc", transitionDuration: 0,
      textStyle: { fontSize: 12 }, valueFormatter: (v) => (v === null || v === undefined ? "–" : extra.format(v)),
    },
    legend: extra.legend,
    xAxis: {
      type: "category", boundaryGap: false, data: world.dates,
      axisTick: { interval: (i, v) => v.endsWith("-01"), lineStyle: { color: INK } },
      axisLine: { onZero: false, lineStyle: { color: INK } },
      axisLabel: {
        color: INK, hideOverlap: true,
        interval: (i, v) => v.endsWith("-01") && (!narrow || (Number(v.slice(0, 4)) % 2 === 1)),
        formatter: (v) => v.slice(0, 4),
      },
    },
    yAxis: { axisLabel: { color: INK, formatter: extra.format }, ...extra.yAxis },
  };
}

function line(name, colour, dash) {
  return {
    name, type: "line", symbol: "none", data: [], clip: true, color: colour,
    lineStyle: { width: 2, color: colour, type: dash },
    endLabel: { show: true, valueAnimation: false, formatter: "{a}", color: colour, fontSize: 11.5, distance: 5, textBorderColor: "#fff", textBorderWidth: 2 },
    emphasis: { focus: "series" },
  };
}

class Board {
  constructor(echarts, root) {
    this.echarts = echarts;
    this.root = root;
    this.charts = {};
    this.build();
  }

  build() {
    const status = element("div", "aim-status");
    this.date = element("div", "aim-date", "…");
    this.date.dataset.testid = "date";
    this.facts = {};
    status.append(this.date);
    for (const [key, label] of [["step", "Month"], ["revenue", "Spending a month"], ["hhi", "Concentration (HHI)"],
      ["lerner", "Mean Lerner index"], ["survivors", "Firms in business"]]) {
      const fact = element("span", "aim-fact", `${label} `);
      this.facts[key] = element("b", "", "–");
      this.facts[key].dataset.testid = key;
      fact.append(this.facts[key]);
      status.append(fact);
    }
    this.about = element("p", "aim-about");
    this.about.dataset.testid = "about";
    status.append(this.about);
    const grid = element("div", "aim-grid");
    for (const card of CARDS) {
      const box = element("section", "aim-card");
      const plot = element("div", "aim-plot");
      plot.setAttribute("role", "img");
      plot.dataset.testid = `chart-${card.id}`;
      box.append(element("h2", "", card.title), element("p", "", card.note), plot);
      grid.append(box);
      card.plot = plot;
    }
    const box = element("section", "aim-card");
    box.append(element("h2", "", "Cash of the labs"),
      element("p", "", "Runway: months until the cash is gone, at the average burn (– where cash does not fall)"));
    this.table = element("table");
    box.append(this.table);
    grid.append(box);
    this.root.replaceChildren(status, grid, element("p", "aim-keys", "Keys: space plays and pauses, → steps, R resets."));
    for (const card of CARDS) {
      this.charts[card.id] = this.echarts.init(card.plot, null, { renderer: "canvas" });
      this.charts[card.id].plot = card.plot;
    }
    this.observer = new ResizeObserver(() => {
      for (const chart of Object.values(this.charts)) {
        if (chart.getWidth() !== chart.plot.clientWidth) chart.resize();
      }
    });
    this.observer.observe(grid);
  }

  show(world) {
    this.world = world;
    this.place = Object.fromEntries(world.columns.map((name, i) => [name, i]));
    this.firms = world.firms.map((firm, i) => ({ ...firm, i }))
      .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.i - b.i);
    this.labs = this.firms.filter((firm) => firm.lab);
    this.sellers = this.firms.filter((firm) => firm.lab || firm.role === "compute_provider");
    this.about.textContent = `${world.scenario}, seed ${world.seed}. ${world.description}`;
    this.data = {
      share: this.sellers.map(() => []), lerner: this.firms.map(() => []), prices: PRICES.map(() => []),
    };
    const months = world.months;
    this.setUp();
    this.rows();
    this.last = null;
    for (const month of months) this.take(month);
    this.draw();
  }

  setUp() {
    const { world } = this;
    const width = this.charts.share.getWidth();
    const share = this.sellers.map((firm) => {
      const made = line(firm.label, firm.colour, "solid");
      made.stack = "all";
      made.areaStyle = { color: firm.colour, opacity: 0.85 };
      made.lineStyle = { width: 0.8, color: "#fff" };
      made.endLabel.formatter = (p) => `${firm.label} ${percent(p.value)}`;
      return made;
    });
    const lerner = this.firms.map((firm) => line(firm.label, firm.colour, firm.dash));
    const selected = Object.fromEntries(world.firms.map((firm) => [firm.label,
      firm.role === "frontier_lab" || firm.role === "open_weight_provider" || firm.name === "nvidia"]));
    const prices = PRICES.map((price) => line(price.label, price.colour, price.dash));
    const legend = {
      bottom: 0, type: "scroll", itemWidth: 28, itemHeight: 14, textStyle: { color: INK, fontSize: 11.5 },
      itemStyle: { opacity: 0 },
    };
    this.charts.share.setOption({
      ...frame(world, { width, format: (v) => percent(v), yAxis: { type: "value", min: 0, max: 1 } }), series: share,
    }, true);
    this.charts.lerner.setOption({
      ...frame(world, {
        width, legend: { ...legend, selected }, format: (v) => Number(v.toFixed(2)),
        yAxis: { type: "value", min: (v) => Math.max(LOWEST_LERNER, Math.min(0, Math.floor(v.min * 4) / 4)), max: 1 },
      }),
      series: lerner,
    }, true);
    for (const made of prices) made.endLabel.show = false;
    this.charts.prices.setOption({
      ...frame(world, { width, legend: { ...legend, type: "plain", itemGap: 8 }, format: dollars, yAxis: { type: "log", logBase: 10 } }),
      grid: { left: 56, right: 18, top: 14, bottom: width < 480 ? 90 : 66 },
      series: prices,
    }, true);
  }

  rows() {
    const head = element("tr");
    for (const name of ["Firm", "Share", "Lerner", "Cash, USD", "Runway"]) {
      const cell = element("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    const body = element("tbody");
    this.cells = this.labs.map((firm) => {
      const row = element("tr"), name = element("td");
      const swatch = element("span", "aim-swatch");
      swatch.style.borderColor = firm.colour;
      swatch.style.borderTopStyle = firm.dash === "solid" ? "solid" : "dashed";
      const label = element("span", "", firm.label);
      name.append(swatch, label);
      const cells = [0, 1, 2, 3].map(() => element("td", "", "–"));
      row.append(name, ...cells);
      body.append(row);
      return { label, cells };
    });
    const top = element("thead");
    top.append(head);
    this.table.replaceChildren(top, body);
  }

  take(month) {
    this.last = month;
    this.sellers.forEach((firm, k) => this.data.share[k].push(month.firms[firm.i][SHARE]));
    this.firms.forEach((firm, k) => this.data.lerner[k].push(month.firms[firm.i][LERNER]));
    PRICES.forEach((price, k) => {
      const value = month.market[this.place[price.column]];
      this.data.prices[k].push(value > 0 ? value : null);
    });
  }

  draw() {
    const { last, world } = this;
    const struck = last ? world.events.filter((event) => event.date <= last.date && event.date >= world.dates[0]) : [];
    const marks = {
      silent: true, symbol: "none", animation: false, lineStyle: { color: "#1f2328", type: "dashed", width: 1 },
      label: { formatter: "{b}", position: "insideEndTop", fontSize: 10.5, color: "#1f2328", textBorderColor: "#fff", textBorderWidth: 2 },
      data: struck.map((event) => ({ name: event.label, xAxis: event.date })),
    };
    for (const [id, chart] of Object.entries(this.charts)) {
      const series = this.data[id].map((data) => ({ data }));
      if (struck.length || !last) series[0].markLine = marks;
      if (last && id !== "prices") this.label(id, chart, series);
      chart.setOption({ series });
    }
    this.tell();
  }

  // Names at the ends of lines, pushed apart where they would overlap; none for a firm without a value.
  label(id, chart, series) {
    const stacked = id === "share";
    const shown = chart.getOption().legend[0] ? chart.getOption().legend[0].selected : {};
    const firms = stacked ? this.sellers : this.firms;
    const height = (value) => chart.convertToPixel({ yAxisIndex: 0 }, Math.max(value, LOWEST_LERNER));
    const wanted = [];
    let below = 0;
    series.forEach((one, k) => {
      const value = one.data[one.data.length - 1];
      const visible = value !== null && (stacked ? value >= 0.02 : shown[firms[k].label] !== false);
      one.endLabel = { show: visible };
      const end = height(stacked ? below + value : value);
      if (visible) wanted.push({ one, end, middle: stacked ? (end + height(below)) / 2 : end });
      if (stacked) below += value;
    });
    wanted.sort((a, b) => a.middle - b.middle);
    wanted.forEach((label, k) => { label.y = k ? Math.max(label.middle, wanted[k - 1].y + LABEL_HEIGHT) : label.middle; });
    for (let k = wanted.length - 1, limit = height(0) ; k >= 0; k -= 1) {
      if (stacked) wanted[k].y = Math.min(wanted[k].y, limit);
      limit = wanted[k].y - LABEL_HEIGHT;
      wanted[k].one.endLabel.offset = [stacked ? 3 : 0, wanted[k].y - wanted[k].end];
    }
  }

  tell() {
    const { last, world } = this;
    const market = (name) => (last ? last.market[this.place[name]] : null);
    this.date.textContent = last ? inWords(last.date) : `Before ${inWords(world.dates[0])}`;
    this.facts.step.textContent = `${last ? last.step : 0} of ${world.dates.length}`;
    this.facts.revenue.textContent = last ? `$${money(market("revenue_musd"))}` : "–";
    this.facts.hhi.textContent = number(market("hhi_revenue"));
    this.facts.lerner.textContent = number(market("lerner"));
    this.facts.survivors.textContent = last ? String(market("survivors")) : "–";
    this.labs.forEach((firm, k) => {
      const { label, cells } = this.cells[k];
      const row = last ? last.firms[firm.i] : [null, null, null, null, 1];
      label.className = row[ALIVE] ? "" : "aim-dead";
      const runway = firm.owner ? "owner pays" : row[RUNWAY] === null ? "–" : row[RUNWAY].toFixed(0);
      const texts = [percent(row[SHARE]), number(row[LERNER]), money(row[CASH]), row[ALIVE] ? runway : "closed"];
      texts.forEach((text, j) => { if (cells[j].textContent !== text) cells[j].textContent = text; });
    });
    const of = (column) => this.labs.map((firm) => `${firm.label} ${last ? column(last.firms[firm.i]) : "–"}`).join(", ");
    const when = last ? inWords(last.date) : "before the first month";
    const say = (id, text) => this.charts[id].plot.setAttribute("aria-label", text);
    say("share", `Market share over time. ${when}: ${of((row) => percent(row[SHARE]))}.`);
    say("lerner", `Lerner index by firm over time. ${when}: ${of((row) => number(row[LERNER]))}.`);
    say("prices", `Prices over time. ${when}: ${PRICES.map((p) => `${p.label} ${dollars(market(p.column))}`).join(", ")}.`);
  }

  close() {
    this.observer.disconnect();
    for (const chart of Object.values(this.charts)) chart.dispose();
  }
}

function keys(model) {
  const names = { " ": "toggle", ArrowRight: "step", r: "reset", R: "reset" };
  return (event) => {
    const busy = event.target.closest && event.target.closest("input, textarea, button, [role=listbox], [role=combobox]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || !(event.key in names)) return;
    event.preventDefault();
    model.send({ kind: "command", name: names[event.key] });
  };
}

async function render({ model, el }) {
  document.documentElement.lang = "en";
  const root = element("div", "aim");
  el.append(root);
  let echarts;
  try {
    echarts = await import(new URL(model.get("echarts"), document.baseURI).href);
  } catch (error) {
    root.append(element("p", "aim-failed", "The charts cannot be drawn: ECharts of solara-assets is missing. Install aimarket[viz] again."));
    return undefined;
  }
  const board = new Board(echarts, root);
  let epoch = -1, step = -1;
  const failed = element("p", "aim-failed");
  failed.setAttribute("role", "alert");
  root.before(failed);
  const hear = (message) => {
    try {
      answer(message);
    } catch (error) {
      console.error(error);
      failed.textContent = `The page could not draw: ${error.message}. Reload it.`;
    }
  };
  const answer = (message) => {
    if (message.kind === "world") {
      epoch = message.epoch;
      step = message.step;
      board.show(message);
    } else if (message.kind === "month" && message.epoch === epoch && message.step === step + 1) {
      step = message.step;
      board.take(message.month);
      board.draw();
    } else {
      return; // a month that does not follow: unanswered, so that everything is sent again
    }
    requestAnimationFrame(() => model.send({ kind: "drawn", epoch, step }));
  };
  model.on("msg:custom", hear);
  const pressed = keys(model);
  document.addEventListener("keydown", pressed);
  model.send({ kind: "ready" });
  return () => {
    model.off("msg:custom", hear);
    document.removeEventListener("keydown", pressed);
    board.close();
  };
}

export default { render };
