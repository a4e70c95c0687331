"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const PRINT_WIDTH = 650;
  // Lower drawings on paper: the day fits two pages, the weeks one.
  const PRINT_HEIGHT = 0.77;
  let tall = 1;
  const colour = (kind) => `var(--${kind})`;
  const narrow = (width) => width < 520;

  // Labels need room: on a narrow page every second, third … hour is named.
  const some = (ticks, width, each) => {
    const step = Math.max(1, Math.ceil((ticks.length * each) / width));
    return ticks.filter((_, number) => number % step === 0);
  };
  const timeAxis = (ticks, width, options = {}) => {
    const shown = some(ticks, width, 46);
    const names = new Map(shown);
    return Plot.axisX(shown.map(([at]) => at), {
      tickFormat: (at) => names.get(at), tickSize: 0, tickPadding: 12, label: null, ...options,
    });
  };
  const tip = (rows, options) => Plot.tip(rows, Plot.pointer({
    fill: "var(--paper)", stroke: "var(--line)", textPadding: 10, fontSize: 12,
    title: "tip", maxRadius: 60, ...options,
  }));
  const frame = (width, options) => ({
    className: "plot", width, marginTop: 10, marginBottom: 26, ...options,
    height: Math.round(options.height * tall),
  });
  // The charts of one day share their margins: a time stands at one place all down the page.
  const dayMargins = (width) => (narrow(width)
    ? { marginLeft: 68, marginRight: 40 } : { marginLeft: 84, marginRight: 48 });

  const charts = {
    timeline(chart, width) {
      const told = chart.dots.length ? ["reminders"] : [];
      const rows = [...chart.lanes.map((lane) => lane.key), ...told];
      const names = new Map([...chart.lanes.map((l) => [l.key, l.name]), ["reminders", chart.reminders]]);
      const bars = chart.bars.map((bar) => ({ ...bar, x: (bar.x1 + bar.x2) / 2, y: bar.lane }));
      const dots = chart.dots.map((dot) => ({ ...dot, y: "reminders" }));
      const steps = [...bars, ...dots].sort((a, b) => a.x - b.x || rows.indexOf(a.y) - rows.indexOf(b.y));
      return {
        steps,
        plot: frame(width, {
          height: rows.length * 38 + 36,
          ...dayMargins(width),
          x: { domain: chart.x, axis: null },
          y: { domain: rows, padding: 0.28, axis: null },
          marks: [
            Plot.ruleX(chart.ticks.map(([at]) => at), { stroke: "var(--line)", strokeOpacity: 0.6 }),
            Plot.axisY({ tickFormat: (key) => names.get(key), tickSize: 0, tickPadding: 12, label: null }),
            timeAxis(chart.ticks, width - 132),
            Plot.barX(bars, { x1: "x1", x2: "x2", y: "y", fill: (bar) => colour(bar.kind), shapeRendering: "crispEdges" }),
            Plot.dot(dots.filter((dot) => !dot.heeded), { x: "x", y: "y", r: narrow(width) ? 3 : 4, stroke: "var(--ink)", fill: "var(--paper)" }),
            Plot.dot(dots.filter((dot) => dot.heeded), { x: "x", y: "y", r: narrow(width) ? 3.5 : 4.5, fill: "var(--ink)" }),
            tip(steps, { x: "x", y: "y" }),
          ],
        }),
      };
    },

    days(chart, width) {
      const names = new Map(chart.days.map((day) => [day.key, day.name]));
      const bars = chart.bars.map((bar) => ({ ...bar, x: (bar.x1 + bar.x2) / 2, y: bar.day }));
      const row = chart.days.length > 10 ? 20 : 30;
      const steps = [...bars].sort((a, b) => d3.ascending(a.y, b.y) || a.x - b.x);
      return {
        steps,
        plot: frame(width, {
          height: chart.days.length * row + 36,
          marginLeft: narrow(width) ? 74 : 84,
          x: { domain: chart.x, axis: null },
          y: { domain: chart.days.map((day) => day.key), padding: 0.3, axis: null },
          marks: [
            Plot.ruleX(chart.ticks.map(([at]) => at), { stroke: "var(--line)", strokeOpacity: 0.6 }),
            Plot.axisY({ tickFormat: (key) => names.get(key), tickSize: 0, tickPadding: 12, label: null }),
            timeAxis(chart.ticks, width - 132),
            Plot.barX(bars, { x1: "x1", x2: "x2", y: "y", fill: (bar) => colour(bar.kind), shapeRendering: "crispEdges" }),
            tip(steps, { x: "x", y: "y" }),
          ],
        }),
      };
    },

    overDay(chart, width) {
      const seen = chart.points.filter((point) => point.mid !== null);
      const limits = chart.limits.map((limit) => limit.y);
      const low = Math.min(d3.min(seen, (p) => p.low), d3.min(limits));
      const high = Math.max(d3.max(seen, (p) => p.high), d3.max(limits));
      const room = (high - low) * 0.06;
      const outer = chart.up_is_good ? d3.min(limits) : d3.max(limits);
      const names = new Map(chart.limits.map((limit) => [limit.y, limit.name]));
      return {
        steps: seen,
        plot: frame(width, {
          height: 210,
          ...dayMargins(width),
          x: { domain: chart.x, axis: null },
          y: { domain: [low - room, high + room], axis: null },
          marks: [
            Plot.axisY({ ticks: 4, tickSize: 0, tickPadding: 10, label: null, tickFormat: (v) => `${v}`.replace("-", "−") }),
            timeAxis(chart.ticks, width - 132),
            Plot.ruleY(limits, { stroke: (y) => (y === outer ? "var(--near)" : "var(--strained)"), strokeDasharray: "1 4", strokeLinecap: "round", strokeWidth: 1.5 }),
            Plot.axisY(limits, { anchor: "right", tickSize: 0, tickPadding: 8, label: null, tickFormat: (y) => names.get(y) }),
            Plot.areaY(chart.points, { x: "x", y1: "low", y2: "high", fill: "var(--standing)", fillOpacity: 0.18, curve: "monotone-x" }),
            Plot.lineY(chart.points, { x: "x", y: "mid", stroke: "var(--standing)", strokeWidth: 1.8, curve: "monotone-x" }),
            tip(seen, { x: "x", y: "mid", maxRadius: Infinity }),
          ],
        }),
      };
    },

    bouts(chart, width) {
      const rows = chart.bouts.map((bout) => ({ ...bout, x: (bout.x1 + bout.x2) / 2, y: bout.minutes }));
      const top = Math.max(chart.goal * 1.15, d3.max(rows, (row) => row.minutes) * 1.08);
      return {
        steps: rows,
        plot: frame(width, {
          height: 190,
          ...dayMargins(width),
          x: { domain: chart.x, axis: null },
          y: { domain: [0, top], axis: null },
          marks: [
            timeAxis(chart.ticks, width - 132),
            Plot.axisY({ ticks: d3.range(0, top, top > 150 ? 60 : 30), tickSize: 0, tickPadding: 10, label: null, tickFormat: (v) => `${v} ${chart.unit}` }),
            Plot.rectY(rows, { x1: "x1", x2: "x2", y1: 0, y2: "minutes", insetLeft: 1, insetRight: 1, rx: 2, fill: (row) => colour(row.over ? "strained" : "sitting") }),
            Plot.ruleY([chart.goal], { stroke: "var(--strained)", strokeDasharray: "1 4", strokeLinecap: "round", strokeWidth: 1.5 }),
            Plot.axisY([chart.goal], { anchor: "right", tickSize: 0, tickPadding: 8, label: null, tickFormat: () => chart.goal_name }),
            Plot.ruleY([0], { stroke: "var(--line)" }),
            tip(rows, { x: "x", y: "y", maxRadius: Infinity }),
          ],
        }),
      };
    },

    week_shape(chart, width) {
      const rows = chart.cells.map((cell) => ({ ...cell, x: cell.hour, y: cell.weekday }));
      const low = d3.min(rows, (row) => row.share);
      const high = d3.max(rows, (row) => row.share);
      const strength = (share) => (high > low ? 0.12 + 0.88 * ((share - low) / (high - low)) : 0.6);
      const onColour = (s) => (s > 0.86 ? "var(--on-strong)" : s > 0.62 ? "var(--on-middle)" : "var(--ink)");
      const roomy = width / chart.hours.length > 44;
      return {
        steps: rows,
        plot: frame(width, {
          height: chart.weekdays.length * 32 + 30,
          marginLeft: 44,
          marginRight: 0,
          marginBottom: 8,
          marginTop: 24,
          x: { domain: chart.hours, padding: 0.06, axis: null },
          y: { domain: chart.weekdays, padding: 0.1, axis: null },
          marks: [
            Plot.axisX({ anchor: "top", tickSize: 0, tickPadding: 8, label: null, tickFormat: (hour) => `${hour}`, ticks: chart.hours.filter((_, n) => n % (width < 380 ? 2 : 1) === 0) }),
            Plot.axisY({ tickSize: 0, tickPadding: 10, label: null }),
            Plot.cell(rows, { x: "x", y: "y", rx: 3, fill: "var(--good)", fillOpacity: (row) => strength(row.share) }),
            roomy ? Plot.text(rows, { x: "x", y: "y", text: "text", fontSize: 11, fill: (row) => onColour(strength(row.share)) }) : null,
            tip(rows, { x: "x", y: "y" }),
          ],
        }),
      };
    },

    trend(chart, width, { good }) {
      const rows = chart.points.map((point) => ({ ...point, x: new Date(`${point.date}T00:00Z`), y: point.value }));
      const names = new Map(chart.ticks.map(([date, name]) => [+new Date(`${date}T00:00Z`), name]));
      const ticks = some(chart.ticks, width - 40, 58).map(([date]) => new Date(`${date}T00:00Z`));
      const values = rows.map((row) => row.y);
      const span = good ? [Math.max(0, d3.min(values) - 0.08), Math.min(1, d3.max(values) + 0.06)] : [0, Math.max(d3.max(values), chart.goal) * 1.1];
      const day = 864e5;
      const shape = good
        ? [
            Plot.dot(rows, { x: "x", y: "y", r: 3, fill: "var(--good)", fillOpacity: 0.45 }),
            Plot.lineY(rows, { x: "x", y: "mean", stroke: "var(--good)", strokeWidth: 2, curve: "monotone-x" }),
          ]
        : [
            Plot.rectY(rows, { x1: (row) => new Date(+row.x - 0.36 * day), x2: (row) => new Date(+row.x + 0.36 * day), y1: 0, y2: "y", rx: 1.5, fill: "var(--standing)" }),
            Plot.ruleY([chart.goal], { stroke: "var(--accent)", strokeDasharray: "1 4", strokeLinecap: "round", strokeWidth: 1.5 }),
            Plot.axisY([chart.goal], { anchor: "right", tickSize: 0, tickPadding: 6, label: null, tickFormat: () => chart.goal_name }),
            Plot.ruleY([0], { stroke: "var(--line)" }),
          ];
      return {
        steps: rows,
        plot: frame(width, {
          height: 170,
          marginLeft: 40,
          marginRight: good ? 12 : 36,
          x: { type: "utc", domain: [new Date(+rows[0].x - day / 2), new Date(+rows.at(-1).x + day / 2)], axis: null },
          y: { domain: span, axis: null },
          marks: [
            Plot.axisX(ticks, { tickFormat: (date) => names.get(+date), tickSize: 0, tickPadding: 8, label: null, textAnchor: "start", dx: -8 }),
            Plot.axisY({ ticks: 4, tickSize: 0, tickPadding: 8, label: null, tickFormat: (v) => chart.axis.replace("#", good ? Math.round(v * 100) : v) }),
            ...shape,
            tip(rows, { x: "x", y: "y", maxRadius: Infinity }),
          ],
        }),
      };
    },

    around(chart, width) {
      const rows = chart.steps.map((step) => ({ ...step, y: step.score }));
      return {
        steps: rows,
        plot: frame(width, {
          height: 180,
          marginLeft: 40,
          marginBottom: 40,
          x: { domain: chart.x, axis: null },
          y: { domain: [d3.min(rows, (row) => row.y) - 5, Math.min(100, d3.max(rows, (row) => row.y) + 5)], axis: null },
          marks: [
            Plot.axisX({ ticks: 6, tickSize: 0, tickPadding: 8, label: chart.unit, labelAnchor: "center", labelArrow: "none", tickFormat: (v) => (v > 0 ? `+${v}` : `${v}`.replace("-", "−")) }),
            Plot.axisY({ ticks: 4, tickSize: 0, tickPadding: 8, label: null }),
            Plot.ruleX([0], { stroke: "var(--accent)", strokeDasharray: "1 4", strokeLinecap: "round", strokeWidth: 1.5 }),
            Plot.text([chart.zero], { x: 0, frameAnchor: "top", textAnchor: "start", dx: 6, fill: "var(--accent)", text: (d) => d }),
            Plot.lineY(rows, { x: "x", y: "y", stroke: "var(--good)", strokeWidth: 2, curve: "monotone-x" }),
            Plot.dot(rows, { x: "x", y: "y", r: 2.5, fill: "var(--good)" }),
            tip(rows, { x: "x", y: "y", maxRadius: Infinity }),
          ],
        }),
      };
    },
  };
  const drawers = {
    ...charts,
    distance: charts.overDay,
    neck: charts.overDay,
    trend_good: (chart, width) => charts.trend(chart, width, { good: true }),
    trend_upright: (chart, width) => charts.trend(chart, width, { good: false }),
  };

  // The pointer of Plot follows real pointers; arrow keys move a pretended one.
  const point = (svg, at) => {
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    const event = (type) => new PointerEvent(type, {
      bubbles: true, pointerType: "mouse",
      clientX: box.left + at[0] * scale, clientY: box.top + at[1] * scale,
    });
    svg.dispatchEvent(event("pointerenter"));
    svg.dispatchEvent(event("pointermove"));
  };

  class Chart {
    constructor(element) {
      this.element = element;
      this.key = element.dataset.chart;
      this.live = document.getElementById(`${this.key}-live`);
      this.current = -1;
      element.addEventListener("keydown", (event) => this.keyed(event));
      element.addEventListener("blur", () => this.leave());
    }

    draw(width) {
      if (width === this.width || width < 1) return;
      this.width = width;
      const { plot, steps } = drawers[this.key](data[this.key], width);
      this.steps = steps;
      const svg = Plot.plot(plot);
      svg.setAttribute("aria-hidden", "true");
      this.svg = svg;
      this.element.replaceChildren(svg);
    }

    keyed(event) {
      const last = this.steps.length - 1;
      const to = {
        ArrowRight: Math.min(this.current + 1, last), ArrowLeft: Math.max(this.current - 1, 0),
        Home: 0, End: last, Escape: -1,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      if (to < 0) this.leave();
      else this.show(to);
    }

    show(number) {
      this.current = number;
      const step = this.steps[number];
      this.live.textContent = step.tip.replace(/\n/g, ", ");
      const x = this.svg.scale("x");
      const y = this.svg.scale("y");
      const half = (scale) => (scale.bandwidth ?? 0) / 2;
      const value = step.y ?? step.mid;
      point(this.svg, [x.apply(step.x) + half(x), y.apply(value) + half(y)]);
    }

    leave() {
      this.current = -1;
      this.live.textContent = "";
      this.svg.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
    }
  }

  const drawn = [...document.querySelectorAll("[data-chart]")].map((element) => new Chart(element));
  const drawAll = (width) => drawn.forEach((chart) => chart.draw(width ?? Math.floor(chart.element.clientWidth)));
  drawAll();
  let waiting = 0;
  new ResizeObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { if (!matchMedia("print").matches) drawAll(); });
  }).observe(document.querySelector("main"));
  addEventListener("beforeprint", () => {
    tall = PRINT_HEIGHT;
    drawn.forEach((chart) => chart.draw(chart.element.closest(".pair") ? PRINT_WIDTH / 2 - 16 : PRINT_WIDTH));
  });
  addEventListener("afterprint", () => {
    tall = 1;
    drawAll();
  });
  document.documentElement.dataset.drawn = "yes";
})();
