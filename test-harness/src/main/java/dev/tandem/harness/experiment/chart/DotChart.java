package dev.tandem.harness.experiment.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Dots in groups side by side, the group at its number along the x axis, above a logarithmic axis. Used by one thread. */
public final class DotChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final double HALF_GROUP = 0.5;
    private static final int MOST_PER_LINE = 5;
    private static final double LINE_SHARE = 0.06;
    private static final double LEAST_SPAN = 1.2;
    private static final double DECADE = 10;
    private static final List<Integer> LABELLED = List.of(1, 2, 3, 5);
    private static final double ROUNDING = 1e-6;
    private static final BasicStroke THIN = new BasicStroke(1.5f);

    private final XYChart chart;
    private final List<String> groups;

    /**
     * A chart without dots.
     *
     * @param groups their names, from left to right
     * @param markerSize of a dot, in points
     */
    public DotChart(String title, String yAxisTitle, List<String> groups, int markerSize) {
        this.groups = List.copyOf(groups);
        this.chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(yAxisTitle)
                .build();
        ChartFile.style(chart);
        chart.getStyler().setMarkerSize(markerSize);
        chart.getStyler()
                .setYAxisLogarithmic(true)
                .setYAxisLogarithmicDecadeOnly(false)
                .setYAxisDecimalPattern("0.##")
                .setPlotGridVerticalLinesVisible(false)
                .setXAxisMin(left())
                .setXAxisMax(right())
                .setXAxisTicksVisible(false);
    }

    /** Where the first group begins along the x axis. */
    public double left() {
        return -HALF_GROUP;
    }

    /** Where the last group ends along the x axis. */
    public double right() {
        return groups.size() - HALF_GROUP;
    }

    /** The color of a series, by its number. */
    public Color color(int series) {
        Color[] colors = chart.getStyler().getSeriesColors();
        return colors[series % colors.length];
    }

    /**
     * What the axis shows; over more than a decade not every tick has room for a label.
     *
     * @param low above 0
     */
    public void range(double low, double high) {
        chart.getStyler().setYAxisMin(low).setYAxisMax(high);
        if (high / low > DECADE) {
            chart.getStyler().setYAxisTickLabelsFormattingFunction(DotChart::label);
        }
    }

    private static String label(double tick) {
        double digit = tick / Math.pow(DECADE, Math.floor(Math.log10(tick) + ROUNDING));
        boolean hasRoom = LABELLED.stream().anyMatch(labelled -> Math.abs(digit - labelled) < ROUNDING);
        return hasRoom ? new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(tick) : "";
    }

    /**
     * Puts the names of groups below the dots, many of them on several lines: the axis itself would leave most of them out.
     *
     * @param low the lowest that is drawn, above 0
     * @param high the highest
     */
    public void label(double low, double high) {
        double step = Math.pow(Math.max(high / low, LEAST_SPAN), LINE_SHARE);
        int lines = (groups.size() + MOST_PER_LINE - 1) / MOST_PER_LINE;
        range(low / Math.pow(step, lines + 1.0), high * step);
        for (int group = 0; group < groups.size(); group++) {
            double height = low / Math.pow(step, 1.0 + group % lines);
            chart.addAnnotation(new AnnotationText(groups.get(group), group, height, false));
        }
    }

    /**
     * Adds a series of dots.
     *
     * @param name in the legend
     */
    public void dots(String name, double[] places, double[] heights, Color color) {
        XYSeries series = chart.addSeries(name, places, heights);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        series.setMarkerColor(color);
        series.setMarker(SeriesMarkers.CIRCLE);
    }

    /**
     * Adds a thin line.
     *
     * @param name of its own, which the legend does not show
     */
    public void line(String name, double fromX, double fromY, double toX, double toY, Color color) {
        XYSeries line = chart.addSeries(name, new double[] {fromX, toX}, new double[] {fromY, toY});
        line.setMarker(SeriesMarkers.NONE);
        line.setLineStyle(THIN);
        line.setLineColor(color);
        line.setShowInLegend(false);
    }

    /** Draws it into a file, in place of one that may be there. */
    public void write(Path file) throws IOException {
        ChartFile.write(file, chart);
    }
}
