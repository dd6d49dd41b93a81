// The lag heatmap: values from the page's JSON element, colours from the style sheet's tokens, drawn by plotly.
const figures = JSON.parse(document.getElementById("heatmap-figures").textContent);
const place = document.getElementById("heatmap");
const ROW = 30;
const HEAD = 150;

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// The plot follows the size of its place, so the place is given one.
place.style.height = `${HEAD + ROW * figures.facilities.length}px`;

function draw() {
  const scale = [0, 1, 2, 3, 4, 5].map((step) => [step / 5, token(`--h${step}`)]);
  const trace = {
    type: "heatmap",
    x: figures.handoffs,
    y: figures.facilities,
    // Handoffs take minutes to months: colour follows the order of magnitude.
    z: figures.hours.map((line) => line.map((hours) => (hours === null ? null : Math.log10(Math.max(hours, 0.01))))),
    text: figures.texts,
    customdata: figures.bands.map((line) => line.map((band) => (band ? `<br>95 %: ${band}` : ""))),
    texttemplate: "%{text}",
    hovertemplate: "%{y}<br>%{x}<br><b>%{text}</b>%{customdata}<extra></extra>",
    colorscale: scale,
    showscale: false,
    xgap: 2,
    ygap: 2,
  };
  const layout = {
    autosize: true,
    margin: { l: 10, r: 10, t: 10, b: 10 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: token("--font"), size: 12, color: token("--text") },
    xaxis: { automargin: true, fixedrange: true, showgrid: false, zeroline: false, ticklabelposition: "outside", side: "top", tickangle: -30 },
    yaxis: { automargin: true, fixedrange: true, showgrid: false, zeroline: false, autorange: "reversed" },
  };
  globalThis.Plotly.newPlot(place, [trace], layout, { displayModeBar: false, responsive: true });
}

draw();
document.addEventListener("themechange", draw);
