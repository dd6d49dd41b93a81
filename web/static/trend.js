// The trend of lag: values from the page's JSON element, colours from the style sheet's tokens, drawn by plotly.
const figures = JSON.parse(document.getElementById("trend-figures").textContent);
const place = document.getElementById("trend-plot");

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function seeThrough(colour, share) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, ${share})`;
}

function traces(line, colour) {
  // A band is drawn where both its ends are known.
  const whole = line.lower.map((low, at) => low !== null && line.upper[at] !== null);
  const ends = (values) => values.map((value, at) => (whole[at] ? value : null));
  const edge = { x: figures.starts, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false, connectgaps: false };
  return [
    { ...edge, y: ends(line.lower) },
    { ...edge, y: ends(line.upper), fill: "tonexty", fillcolor: seeThrough(colour, 0.18) },
    { x: figures.starts, y: line.days, name: line.title, mode: "lines+markers", line: { color: colour, width: 2 }, hovertemplate: "%{x}<br><b>%{y:.1f} days</b><extra>" + line.title + "</extra>" },
    { x: figures.starts, y: line.at_least, name: `${line.title}: not less than`, mode: "markers", marker: { color: colour, symbol: "triangle-up-open", size: 9 }, hovertemplate: "%{x}<br><b>≥ %{y:.1f} days</b><extra>" + line.title + "</extra>" },
  ];
}

function draw() {
  const colours = [token("--accent"), token("--warn")];
  const layout = {
    autosize: true,
    margin: { l: 10, r: 10, t: 10, b: 10 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: token("--font"), size: 12, color: token("--text") },
    legend: { orientation: "h", y: 1.12 },
    xaxis: { automargin: true, fixedrange: true, showgrid: false },
    yaxis: { automargin: true, fixedrange: true, rangemode: "tozero", gridcolor: token("--line"), zeroline: false, title: { text: "days" } },
  };
  const shown = figures.lines.flatMap((line, at) => traces(line, colours[at]));
  globalThis.Plotly.newPlot(place, shown, layout, { displayModeBar: false, responsive: true });
}

draw();
document.addEventListener("themechange", draw);
