/** What Matplotlib and seaborn took out; checked by scripts/removed.py. */

import { like, same, words, type RemovedTable } from "./table.js";

const STYLES =
  "bright|colorblind|dark|dark-palette|darkgrid|deep|muted|notebook|paper|pastel|poster|talk|ticks|white|whitegrid".split(
    "|",
  );

/** What Matplotlib and seaborn took out: the table. */
export const MATPLOTLIB_REMOVED: RemovedTable = {
  roots: {
    matplotlib: ["matplotlib", "Matplotlib"],
    mpl_toolkits: ["matplotlib", "Matplotlib"],
    seaborn: ["seaborn", "seaborn"],
  },
  // A style is a file.
  raises: "OSError",
  source: {
    matplotlib: "https://matplotlib.org/stable/api/prev_api_changes/api_changes_*.0.html",
    seaborn: "https://seaborn.pydata.org/whatsnew/v*.0.html",
  },
  objects: {
    "matplotlib.axes.Axes": /(^|[._])(ax|axs|axes|axis|subplot)\d*(\[[^\][]*\])*$/i,
    "matplotlib.figure.Figure": /(^|[._])(fig|figure)\d*$/i,
    "matplotlib.legend.Legend": /(^|[._])(leg|legend)\d*$|^(?=[^]*\)$)([^]*?[._])?(leg|legend)\d*\(/i,
    "matplotlib.backends.backend_agg.FigureCanvasAgg": "word",
    "matplotlib.backend_bases.FigureCanvasBase": /(^|[._])canvas\d*$/i,
    "mpl_toolkits.mplot3d.axes3d.Axes3D": "word",
  },
  paths: [
    ["matplotlib.pyplot.cm.", "matplotlib.cm."],
    ["matplotlib.pyplot.style.", "matplotlib.style."],
    ["matplotlib.pyplot.mlab.", "matplotlib.mlab."],
    ["matplotlib.pylab.", "matplotlib.pyplot."],
    ["pylab.", "matplotlib.pyplot."],
  ],
  removals: [
    ["matplotlib.cm.get_cmap", "3.11", same("matplotlib.pyplot.get_cmap")],
    ["matplotlib.cm.register_cmap", "3.9", words("write `matplotlib.colormaps.register(…)`")],
    ["matplotlib.cm.unregister_cmap", "3.9", words("write `matplotlib.colormaps.unregister(…)`")],
    ["matplotlib.cm.revcmap", "3.4", words("call `reversed()` of the map")],
    [
      "matplotlib.pyplot.hold",
      "3.0",
      words("leave it out: axes keep what was drawn, and `clf()` or `cla()` empties them"),
    ],
    ["matplotlib.pyplot.ishold", "3.0", words("axes always keep what was drawn")],
    ["matplotlib.pyplot.plot_date", "3.11", words("write `plot`, with `xaxis_date()` if need be")],
    ["matplotlib.axes.Axes.plot_date", "3.11", words("write `plot`, with `xaxis_date()` if need be")],
    ["matplotlib.pyplot.spectral", "3.0", same("matplotlib.pyplot.nipy_spectral")],
    ["matplotlib.pyplot.plotfile", "3.3", words("read the file with pandas or NumPy and plot its columns")],
    ["matplotlib.finance", "2.2", words("the package mplfinance has it")],
    ["matplotlib.mlab.normpdf", "3.1", words("write `scipy.stats.norm.pdf(…)`")],
    [
      "matplotlib.mlab.{entropy|rms_flat|PCA|prctile|griddata|bivariate_normal|movavg|find|longest_contiguous_ones|frange|rk4|csv2rec|rec2csv|rec_append_fields|dist|inside_poly|poly_between|contiguous_regions|cross_from_below|l1norm|l2norm|is_closed_polygon|identity|donothing_callback|amap|rec_groupby|rec_join}",
      "3.1",
      words("NumPy and SciPy have it"),
    ],
    [
      "matplotlib.cbook.{is_string_like|is_numlike|iterable|is_scalar|is_sequence_of_strings|Bunch|mkdirs|dedent|unique|listFiles|get_recursive_filelist|pieces|exception_to_str|allequal|alltrue|onetrue|allpairs|finddir|reverse_dict|restrict_dict|safezip|soundex|todate|todatetime|tostr|tofloat|toint|wrap|Xlator|RingBuffer|Null}",
      "3.6",
      words(""),
    ],
    [
      "matplotlib.cbook.{MatplotlibDeprecationWarning|mplDeprecation}",
      "3.6",
      same("matplotlib.MatplotlibDeprecationWarning"),
    ],
    [
      "matplotlib.{is_string_like|compare_versions|tk_window_focus|checkdep_dvipng|checkdep_ghostscript|checkdep_inkscape|checkdep_pdftops|checkdep_xmllint}",
      "3.4",
      words(""),
    ],
    ["matplotlib.docstring", "3.8", words("")],
    ["matplotlib.{afm|fontconfig_pattern|tight_bbox|tight_layout|type1font}", "3.8", words("")],
    [
      "matplotlib.dates.{epoch2num|num2epoch|mx2num|strpdate2num|bytespdate2num}",
      "3.7",
      words("`date2num` and `datetime` take its place"),
    ],
    ["matplotlib.pyplot.hist(normed)", "3.4", like("density", "it is there from Matplotlib 2.1 on")],
    ["matplotlib.axes.Axes.hist(normed)", "3.4", like("density", "it is there from Matplotlib 2.1 on")],
    ["matplotlib.pyplot.hist2d(normed)", "3.4", like("density", "it is there from Matplotlib 2.1 on")],
    ["matplotlib.axes.Axes.hist2d(normed)", "3.4", like("density", "it is there from Matplotlib 2.1 on")],
    [
      "matplotlib.{pyplot.stem|axes.Axes.stem}(use_line_collection)",
      "3.8",
      words("leave it out: lines are always a collection"),
    ],
    ["matplotlib.pyplot.{subplot|axes}(axisbg)", "2.2", same("facecolor")],
    [
      "matplotlib.{axes.Axes.set_axis_bgcolor|axes.Axes.get_axis_bgcolor}",
      "2.2",
      words("`set_facecolor` and `get_facecolor` take its place"),
    ],
    [
      "matplotlib.{axes.Axes.hold|axes.Axes.ishold|figure.Figure.hold}",
      "3.1",
      words("leave it out: axes keep what was drawn"),
    ],
    ["matplotlib.pyplot.{semilogx|loglog}(basex)", "3.5", like("base", "it is there from Matplotlib 3.3 on")],
    ["matplotlib.pyplot.{semilogy|loglog}(basey)", "3.5", like("base", "it is there from Matplotlib 3.3 on")],
    [
      "matplotlib.axes.Axes.{semilogx|loglog|set_xscale}(basex)",
      "3.5",
      like("base", "it is there from Matplotlib 3.3 on"),
    ],
    [
      "matplotlib.axes.Axes.{semilogy|loglog|set_yscale}(basey)",
      "3.5",
      like("base", "it is there from Matplotlib 3.3 on"),
    ],
    [
      "matplotlib.axes.Axes.{semilogx|loglog|set_xscale}(nonposx)",
      "3.5",
      like("nonpositive", "it is there from Matplotlib 3.3 on"),
    ],
    [
      "matplotlib.axes.Axes.{semilogy|loglog|set_yscale}(nonposy)",
      "3.5",
      like("nonpositive", "it is there from Matplotlib 3.3 on"),
    ],
    [
      "matplotlib.axes.Axes.{set_xscale|set_yscale}({linthreshx|linthreshy})",
      "3.5",
      like("linthresh", "it is there from Matplotlib 3.3 on"),
    ],
    [
      "matplotlib.pyplot.xscale({nonposx|basex|linthreshx|subsx})",
      "3.5",
      words("the name has no `x` at its end now, and `nonposx` is `nonpositive`"),
    ],
    [
      "matplotlib.pyplot.yscale({nonposy|basey|linthreshy|subsy})",
      "3.5",
      words("the name has no `y` at its end now, and `nonposy` is `nonpositive`"),
    ],
    [
      "matplotlib.pyplot.gca(projection)",
      "3.6",
      words("write `plt.subplot(projection=…)` or `plt.figure().add_subplot(projection=…)`"),
    ],
    ["matplotlib.figure.Figure.gca(projection)", "3.6", words("write `add_subplot(projection=…)`")],
    ["matplotlib.pyplot.savefig(frameon)", "3.3", words('write `facecolor="none"`')],
    ["mpl_toolkits.mplot3d.axes3d.Axes3D.{w_xaxis|w_yaxis|w_zaxis}", "3.8", words("leave out the `w_`")],
    ["mpl_toolkits.axes_grid", "3.8", words("`mpl_toolkits.axes_grid1` takes its place")],
    [
      "matplotlib.backend_bases.FigureCanvasBase.set_window_title",
      "3.6",
      words("write `canvas.manager.set_window_title(…)`"),
    ],
    [
      "matplotlib.backends.backend_agg.FigureCanvasAgg.tostring_rgb",
      "3.10",
      words("`np.asarray(canvas.buffer_rgba())` takes its place, with four channels"),
    ],
    [
      "matplotlib.backends.{backend_gtk|backend_gtkagg|backend_gdk|backend_qt4|backend_qt4agg|qt4_compat|backend_gtkcairo|backend_qt4cairo|tkagg|wx_compat|windowing}",
      "3.5",
      words(""),
    ],
    ["matplotlib.legend.Legend.legendHandles", "3.9", like("legend_handles", "it is there from Matplotlib 3.7 on")],
    ["matplotlib.{pyplot|axes.Axes}.grid(b)", "3.8", like("visible", "it is there from Matplotlib 3.5 on")],
    [
      "matplotlib.{pyplot|axes.Axes}.boxplot(labels)",
      "3.11",
      like("tick_labels", "it is there from Matplotlib 3.9 on"),
    ],
    ["matplotlib.{pyplot|axes.Axes}.annotate(s)", "3.5", like("text", "it is there from Matplotlib 3.3 on")],
    ["matplotlib.use(warn)", "3.3", words("leave it out")],
    ["matplotlib.style.use(style@0='seaborn')", "3.8", like("'seaborn-v0_8'", "it is there from Matplotlib 3.6 on")],
    ...STYLES.map(
      (it) =>
        [
          `matplotlib.style.use(style@0='seaborn-${it}')`,
          "3.8",
          like(`'seaborn-v0_8-${it}'`, "it is there from Matplotlib 3.6 on"),
        ] as const,
    ),
    [
      "seaborn.factorplot",
      "0.12",
      like("seaborn.catplot", "it draws strips, not points, where `kind=` is left out, and `size=` is `height=`"),
    ],
    ["seaborn.tsplot", "0.10", words("`lineplot` of a long table takes its place")],
    ["seaborn.lvplot", "0.12", same("seaborn.boxenplot")],
    ["seaborn.timeseries", "0.12", words("")],
    ["seaborn.apionly", "0.13", same("seaborn")],
    ["seaborn.{FacetGrid|PairGrid}(size)", "0.12", like("height", "it is there from seaborn 0.9 on")],
  ],
  places: {
    "seaborn.{barplot|boxplot|violinplot|boxenplot|stripplot|swarmplot|pointplot|countplot}": [
      "0.12",
      1,
      "x y hue data",
    ],
    "seaborn.catplot": ["0.12", 1, "x y hue data row col"],
    "seaborn.{scatterplot|lineplot}": ["0.12", 1, "x y hue size style data"],
    "seaborn.relplot": ["0.12", 1, "x y hue size style data row col"],
    "seaborn.{lmplot|regplot|residplot}": ["0.12", 1, "x y data"],
    "seaborn.jointplot": ["0.12", 1, "x y data"],
    "seaborn.heatmap": ["0.12", 1, "- vmin vmax cmap center"],
    "seaborn.pairplot": ["0.12", 1, "- hue hue_order palette vars"],
    "seaborn.FacetGrid": ["0.12", 1, "- row col hue"],
    "seaborn.kdeplot": ["0.12", 1, "x y"],
  },
};
