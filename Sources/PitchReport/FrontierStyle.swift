/// Style rules. Blue, vermilion and their light forms are from the palette of Okabe and Ito,
/// "Color Universal Design" (2008), which colour-blind readers can tell apart.
///
/// Dark rules hold on screens only: paper is white whatever the reader's scheme.
enum FrontierStyle {
    /// Literal colours instead of custom properties, which many SVG programs do not know.
    static let picture = forms + colours(light)
        + "\n@media screen and (prefers-color-scheme: dark) {\n"
        + colours(dark) + "\n}"

    private struct Palette {
        let paper, text, faint, grid, best, picked, other, limit, target: String
    }

    private static let light = Palette(
        paper: "#ffffff", text: "#1b1f24", faint: "#57606a", grid: "#e6e9ed", best: "#0072b2",
        picked: "#d55e00", other: "#6e7781", limit: "#882255", target: "#117733")

    private static let dark = Palette(
        paper: "#14171c", text: "#e6e9ed", faint: "#a3acb7", grid: "#2b3038", best: "#56b4e9",
        picked: "#f0a030", other: "#8d97a3", limit: "#ee99c4", target: "#6fd098")

    private static let forms = """
        .frontier-plot text { font-family: system-ui, -apple-system, "Segoe UI", Roboto,
          "Helvetica Neue", "Noto Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; }
        .frontier-plot .heading { font-size: 20px; font-weight: 650; }
        .frontier-plot .sentence { font-size: 16px; }
        .frontier-plot .legend { font-size: 12.5px; }
        .frontier-plot .tick, .frontier-plot .guide-text { font-size: 12px; }
        .frontier-plot .axis-title { font-size: 13px; font-weight: 600; }
        .frontier-plot .number { font-size: 12px; font-weight: 600; paint-order: stroke;
          stroke-width: 3px; stroke-linejoin: round; }
        .frontier-plot .picked .number { font-weight: 800; }
        .frontier-plot .grid, .frontier-plot .axis { stroke-width: 1px; }
        .frontier-plot .frontier { fill: none; stroke-width: 2px; stroke-linejoin: round; }
        .frontier-plot .reach { fill-opacity: 0.07; }
        .frontier-plot .whisker { fill: none; stroke-width: 1px; stroke-opacity: 0.5; }
        .frontier-plot .leader { stroke-width: 0.75px; }
        .frontier-plot .mark { stroke-width: 1.5px; }
        .frontier-plot .guide { fill: none; stroke-width: 1.5px; }
        .frontier-plot .guide.limit { stroke-dasharray: 7 4; }
        .frontier-plot .guide.target { stroke-dasharray: 1.5 4; stroke-linecap: round; }
        .frontier-plot .target-mark { stroke-width: 1.5px; }
        .frontier-plot .point:hover .whisker { stroke-width: 2px; stroke-opacity: 1; }
        .frontier-plot .point:hover .mark { stroke-width: 3px; }

        """

    private static func colours(_ palette: Palette) -> String {
        """
        .frontier-plot .paper { fill: \(palette.paper); }
        .frontier-plot .heading, .frontier-plot .sentence, .frontier-plot .number,
        .frontier-plot .legend, .frontier-plot .axis-title { fill: \(palette.text); }
        .frontier-plot .tick { fill: \(palette.faint); }
        .frontier-plot .number { stroke: \(palette.paper); }
        .frontier-plot .grid { stroke: \(palette.grid); }
        .frontier-plot .axis, .frontier-plot .leader { stroke: \(palette.faint); }
        .frontier-plot .frontier { stroke: \(palette.best); }
        .frontier-plot .reach { fill: \(palette.best); }
        .frontier-plot .best .mark { fill: \(palette.best); stroke: \(palette.paper); }
        .frontier-plot .best .whisker { stroke: \(palette.best); }
        .frontier-plot .picked .mark { fill: \(palette.picked); stroke: \(palette.paper); }
        .frontier-plot .picked .whisker { stroke: \(palette.picked); }
        .frontier-plot .other .mark { fill: \(palette.paper); stroke: \(palette.other); }
        .frontier-plot .other .whisker { stroke: \(palette.other); }
        .frontier-plot .guide.limit { stroke: \(palette.limit); }
        .frontier-plot .guide.target { stroke: \(palette.target); }
        .frontier-plot .guide-text.limit { fill: \(palette.limit); }
        .frontier-plot .guide-text.target { fill: \(palette.target); }
        .frontier-plot .target-mark { fill: \(palette.paper); stroke: \(palette.target); }
        """
    }

    /// The page around the picture.
    static let page = """
        :root { color-scheme: light dark; --paper: #ffffff; --text: #1b1f24; --faint: #57606a;
          --line: #d8dde3; --band: #fff4ea; --picked: #b34700; }
        @media screen and (prefers-color-scheme: dark) {
          :root { --paper: #14171c; --text: #e6e9ed; --faint: #a3acb7; --line: #2f353e;
            --band: #2a2117; --picked: #f0a030; }
        }
        body { margin: 0 auto; padding: 24px; max-width: 1120px; background: var(--paper);
          color: var(--text); line-height: 1.5; font-family: system-ui, -apple-system,
          "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif; }
        h1 { margin: 0 0 8px; font-size: 26px; line-height: 1.25; overflow-wrap: anywhere; }
        p { margin: 0 0 20px; color: var(--faint); overflow-wrap: anywhere; }
        .wide { overflow-x: auto; }
        svg { display: block; width: 100%; min-width: 640px; height: auto; }
        table { width: 100%; margin-top: 24px; border-collapse: collapse; font-size: 14px;
          font-variant-numeric: tabular-nums; }
        caption { padding-bottom: 8px; text-align: left; font-size: 18px; font-weight: 650; }
        th, td { padding: 7px 10px; border-bottom: 1px solid var(--line); text-align: left;
          vertical-align: top; }
        thead th { border-bottom: 2px solid var(--faint); color: var(--faint);
          font-weight: 600; vertical-align: bottom; }
        .amount { text-align: right; white-space: nowrap; }
        .interval { color: var(--faint); }
        .what { min-width: 14em; overflow-wrap: anywhere; }
        .standing { white-space: nowrap; }
        .picked { background: var(--band); }
        .picked .standing { color: var(--picked); font-weight: 650; }
        @media print {
          @page { margin: 14mm; }
          body { max-width: none; padding: 0; }
          .wide { overflow: visible; }
          svg { min-width: 0; }
          h1 { font-size: 20px; }
          p { font-size: 13px; }
          table { font-size: 11px; }
          th, td { padding: 4px 6px; }
          thead { display: table-header-group; }
          tr, svg { break-inside: avoid; }
          .picked { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }
        """
}
