/* Draws each figure where its place is; the figures' data lie in the page. */
(function () {
  const options = {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    tooltip: false,
    hover: false,
    defaultStyle: false,
    ast: true, // expressions are interpreted: the page forbids making code out of text
    config: JSON.parse(document.getElementById("figure-config").textContent),
  };
  if (document.documentElement.clientWidth < 560) {
    options.config.legend.columns = 2;
    options.config.legend.labelLimit = 120;
  }
  for (const [moment, open] of [["beforeprint", true], ["afterprint", false]]) {
    window.addEventListener(moment, function () {
      for (const part of document.querySelectorAll("details[data-printed]")) part.open = open;
    });
  }
  const drawn = [];
  for (const place of document.querySelectorAll("[data-figure]")) {
    const spec = JSON.parse(document.getElementById(place.dataset.figure).textContent);
    drawn.push(
      window.vegaEmbed(place, spec, options).catch(function (error) {
        place.textContent = place.dataset.failed;
        place.removeAttribute("aria-hidden");
        console.error(error);
      })
    );
  }
  Promise.all(drawn).then(function () {
    document.documentElement.dataset.drawn = String(drawn.length);
  });
})();
