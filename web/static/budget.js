// The budget left over time: values from the page's JSON element, colours from the style sheet's tokens, drawn by plotly.
const figures = JSON.parse(document.getElementById("budget-figures").textContent);
const place = document.getElementById("budget");

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const DAY = 86_400_000;
const days = (new Date(figures.at.at(-1)) - new Date(figures.at[0])) / DAY;
place.style.height = "280px";

function draw() {
  const trace = {
    type: "scatter",
    mode: "lines+markers",
    x: figures.at,
    y: figures.left, // null where nothing was decided: the line has a gap there
    text: figures.texts,
    hovertemplate: "%{x|%-d %b %Y, %H:%M} UTC<br><b>%{text}</b><extra></extra>",
    connectgaps: false,
    line: { color: token("--accent"), width: 2 },
    marker: { color: token("--accent"), size: 5 },
  };
  const layout = {
    autosize: true,
    margin: { l: 56, r: 16, t: 14, b: 34 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: token("--font"), size: 12, color: token("--text") },
    showlegend: false,
    xaxis: { fixedrange: true, showgrid: false, zeroline: false, tickformat: days < 2 ? "%H:%M" : "%-d %b", ...(days >= 2 && days < 9 && { dtick: DAY }), linecolor: token("--line") },
    yaxis: { fixedrange: true, ticksuffix: " %", gridcolor: token("--line"), zeroline: true, zerolinecolor: token("--bad"), zerolinewidth: 2, rangemode: "tozero" },
  };
  globalThis.Plotly.newPlot(place, [trace], layout, { displayModeBar: false, responsive: true });
}

draw();
document.addEventListener("themechange", draw);
