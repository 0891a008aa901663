package dev.tandem.harness.experiment.links;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Writes ways on links as a Markdown page: medians of rounds, and how they compare with the baseline of the same round. */
public final class LinkPage {

    private static final double MILLIS = 1e3;

    private LinkPage() {}

    /** Makes the folder if need be and replaces the page. */
    public static void write(Path folder, String name, String command, List<LinkTrial> trials) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), page(command, trials));
    }

    static String page(String command, List<LinkTrial> trials) {
        StringBuilder page = new StringBuilder("# Halos and codecs on links of three rates\n\n    " + command + "\n\n");
        page.append(
                """
                Medians of rounds. Ratios are medians of those to the first line of the same kind in the same round: below 1 is
                quicker in latency, above 1 more in requests per second.

                """);
        for (String model : new TreeSet<>(
                trials.stream().map(trial -> trial.which().model()).toList())) {
            page.append("## ").append(model).append("\n\n");
            page.append(
                    "| Mbit/s | | stages | rounds | ms | ratio | per second | ratio |\n|--:|---|--:|--:|--:|--:|--:|--:|\n");
            List<LinkTrial> ofModel = trials.stream()
                    .filter(trial -> trial.which().model().equals(model))
                    .toList();
            new TreeSet<>(ofModel.stream()
                            .map(trial -> trial.which().megabits())
                            .toList())
                    .forEach(rate -> List.of(Way.values()).forEach(way -> page.append(row(ofModel, rate, way))));
            page.append('\n');
        }
        return page.toString();
    }

    private static String row(List<LinkTrial> trials, int rate, Way way) {
        List<LinkTrial> rounds = of(trials, rate, way);
        if (rounds.isEmpty()) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "| %d | %s | %d | %d | %.1f | %s | %.1f | %s |%n",
                rate,
                way.words(),
                rounds.get(0).stages(),
                rounds.size(),
                median(rounds.stream().map(LinkTrial::latencySeconds).toList()) * MILLIS,
                ratio(trials, rounds, LinkTrial::latencySeconds),
                median(rounds.stream().map(LinkTrial::perSecond).toList()),
                ratio(trials, rounds, LinkTrial::perSecond));
    }

    private static List<LinkTrial> of(List<LinkTrial> trials, int rate, Way way) {
        return trials.stream()
                .filter(trial ->
                        trial.which().megabits() == rate && trial.which().way() == way)
                .sorted(Comparator.comparingInt(trial -> trial.which().round()))
                .toList();
    }

    private static String ratio(List<LinkTrial> trials, List<LinkTrial> rounds, ToDoubleFunction<LinkTrial> figure) {
        List<Double> ratios = rounds.stream()
                .flatMap(
                        trial -> baseline(trials, trial.which())
                                .map(base -> figure.applyAsDouble(trial) / figure.applyAsDouble(base))
                                .stream())
                .toList();
        return ratios.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", median(ratios));
    }

    private static Optional<LinkTrial> baseline(List<LinkTrial> trials, LinkTrial.Cell which) {
        return of(trials, which.megabits(), which.way().baseline()).stream()
                .filter(trial -> trial.which().round() == which.round())
                .findFirst();
    }

    /** Of an even number the lower of the two in the middle. */
    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get((values.size() - 1) / 2);
    }
}
