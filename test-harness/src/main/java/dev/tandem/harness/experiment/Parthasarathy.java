package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.kpath.KerasModel;
import dev.tandem.harness.experiment.kpath.Outcome;
import dev.tandem.harness.experiment.kpath.ReportFiles;
import dev.tandem.harness.experiment.kpath.Trial;
import dev.tandem.harness.experiment.kpath.Trials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The experiment of Parthasarathy and Krishnamachari, ITNAC 2022 (arXiv 2210.12219): models cut over random clusters at their
 * cost as coded, with their algorithm, their baselines and Tandem on the same clusters.
 */
final class Parthasarathy implements Experiment {

    private static final int TRIALS = 50;

    private final int trials;
    private final List<Integer> nodes;

    Parthasarathy() {
        this(TRIALS, Trials.NODES);
    }

    /** @param trials clusters for each model, capacity and number of nodes */
    Parthasarathy(int trials, List<Integer> nodes) {
        this.trials = trials;
        this.nodes = List.copyOf(nodes);
    }

    @Override
    public String name() {
        return "parthasarathy";
    }

    @Override
    public String purpose() {
        return "partition and placement on random clusters, beside k-path matching, greedy and random; computed only";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws IOException {
        List<String> models = settings.models().isEmpty() ? KerasModel.NAMES : settings.models();
        models.stream()
                .filter(model -> !KerasModel.NAMES.contains(model))
                .findFirst()
                .ifPresent(model -> {
                    throw CommandException.usage("no layer list of model '" + model + "'; there is "
                            + String.join(", ", KerasModel.NAMES) + ".");
                });
        List<Trial> all = new ArrayList<>();
        for (String model : models) {
            Trials ofModel = new Trials(model, settings.seed());
            for (int megabytes : Trials.MEGABYTES) {
                for (int size : nodes) {
                    List<Trial> cell = ofModel.run(megabytes, size, trials);
                    terminal.note(text(cell));
                    all.addAll(cell);
                }
            }
        }
        Outcome outcome = Outcome.of(command(settings), settings.seed(), trials, all);
        if (settings.out().isPresent()) {
            ReportFiles.write(settings.out().get(), outcome, all);
        }
        return outcome;
    }

    private static String command(Settings settings) {
        String models =
                settings.models().stream().map(model -> " --model " + model).collect(Collectors.joining());
        return "tandem experiment parthasarathy --seed " + settings.seed() + models;
    }

    private static String text(List<Trial> cell) {
        Trial first = cell.get(0);
        String where = first.model() + " on " + first.nodes() + " nodes of " + first.megabytes() + " MB: ";
        if (!first.refusal().isEmpty()) {
            return where + first.refusal();
        }
        double mean = cell.stream().mapToDouble(Trial::tandemSeconds).average().orElseThrow();
        double bound = cell.stream().mapToDouble(Trial::boundSeconds).average().orElseThrow();
        return String.format(Locale.ROOT, "%s%.4f s, bound %.4f s", where, mean, bound);
    }
}
