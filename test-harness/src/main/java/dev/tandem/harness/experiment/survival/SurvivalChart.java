package dev.tandem.harness.experiment.survival;

import dev.tandem.harness.experiment.chart.DotChart;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Draws how long requests had to wait in each trial, beside the aim, in groups of trials of one kind. */
final class SurvivalChart {

    private static final double MILLIS = 1e3;
    /** Of what a group has along the x axis. */
    private static final double USED = 0.7;

    /** Around all dots and lines, as a factor. */
    private static final double MARGIN = 1.2;

    private static final int MARKER_SIZE = 5;

    private final List<SurvivalGroup> groups;
    private final DotChart chart;

    private SurvivalChart(List<SurvivalGroup> groups) {
        this.groups = groups;
        this.chart = new DotChart(
                "Longest wait after a fault; lines: aims",
                "ms",
                groups.stream().map(SurvivalGroup::name).toList(),
                MARKER_SIZE);
    }

    /** @param trials at least one in which something was aimed at */
    static void write(Path file, List<SurvivalTrial> trials) throws IOException {
        SurvivalChart chart = new SurvivalChart(SurvivalGroup.of(trials.stream()
                .filter(trial -> trial.which().cover() != Cover.NONE)
                .toList()));
        chart.draw();
        chart.chart.write(file);
    }

    private void draw() {
        double least = groups.stream()
                .mapToDouble(group -> Math.min(group.recoverySeconds(0), group.aimSeconds()))
                .min()
                .orElseThrow();
        double most = groups.stream()
                .mapToDouble(group -> Math.max(group.recoverySeconds(1), group.aimSeconds()))
                .max()
                .orElseThrow();
        chart.range(least * MILLIS / MARGIN, most * MILLIS * MARGIN);
        for (int number = 0; number < groups.size(); number++) {
            draw(groups.get(number), number);
        }
    }

    private void draw(SurvivalGroup group, int number) {
        List<SurvivalTrial> trials = group.trials();
        double slot = USED / trials.size();
        chart.dots(
                group.name(),
                IntStream.range(0, trials.size())
                        .mapToDouble(trial -> number + slot * (trial - (trials.size() - 1) / 2.0))
                        .toArray(),
                trials.stream()
                        .mapToDouble(trial -> trial.recoverySeconds() * MILLIS)
                        .toArray(),
                chart.color(number));
        double aim = group.aimSeconds() * MILLIS;
        chart.line("aim of " + group.name(), number - USED / 2, aim, number + USED / 2, aim, Color.BLACK);
    }
}
