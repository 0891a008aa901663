package dev.tandem.harness.experiment.kpath;

import dev.tandem.harness.experiment.chart.ChartFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Draws by what share the mean bottlenecks lie above the mean bound, by number of nodes. */
final class GapChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;

    private GapChart() {}

    static void write(Path file, Outcome outcome) throws IOException {
        ChartFile.write(file, chart(outcome));
    }

    private static XYChart chart(Outcome outcome) {
        List<Outcome.Size> sizes =
                outcome.sizes().stream().filter(size -> size.nodes() > 0).toList();
        double worst = sizes.stream()
                .mapToDouble(size -> size.figures().worstGap())
                .max()
                .orElseThrow();
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(String.format(
                        Locale.ROOT, "Slowest transfer; Tandem at most %.2f %% above the bound", 100 * worst))
                .xAxisTitle("nodes")
                .yAxisTitle("mean above the certified bound, %")
                .build();
        chart.getStyler().setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(true);
        ChartFile.style(chart);
        for (Technique technique : List.of(Technique.RANDOM, Technique.K_PATH, Technique.GREEDY)) {
            add(chart, technique, sizes);
        }
        return chart;
    }

    /** A logarithmic axis has no place for what lies on the bound. */
    private static void add(XYChart chart, Technique technique, List<Outcome.Size> sizes) {
        List<Outcome.Size> above = sizes.stream()
                .filter(size ->
                        size.figures().seconds(technique) > size.figures().boundSeconds())
                .toList();
        if (!above.isEmpty()) {
            chart.addSeries(
                    technique.label(),
                    above.stream().mapToDouble(Outcome.Size::nodes).toArray(),
                    above.stream()
                            .map(Outcome.Size::figures)
                            .mapToDouble(figures -> 100 * (figures.seconds(technique) / figures.boundSeconds() - 1))
                            .toArray());
        }
    }
}
