package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.edgeld.Comparison;
import dev.tandem.harness.experiment.edgeld.Emulation;
import dev.tandem.harness.experiment.edgeld.Outcome;
import dev.tandem.harness.experiment.edgeld.ReportFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * EdgeLD (HPCC 2020) and EdgeDI (ACM TOIT 2023), emulated by their own time model: VGG divided by MoDNN's rule, by theirs and
 * by Tandem over one to four followers, beside the proven optimum of that model. Nothing runs.
 */
final class EdgeLd implements Experiment {

    private static final List<String> MODELS = List.of("vgg-13", "vgg-16");

    @Override
    public String name() {
        return "edgeld";
    }

    @Override
    public String purpose() {
        return "VGG divided along rows in EdgeLD's time model: BODP, OCBP, Tandem and the proven optimum; computed only";
    }

    @Override
    public Outcome run(Settings settings, Terminal terminal) throws IOException {
        List<Comparison> all = new ArrayList<>();
        for (String model : settings.models().isEmpty() ? MODELS : settings.models()) {
            Emulation emulation = emulation(model);
            for (String network : Emulation.networkNames()) {
                List<Comparison> cell = emulation.compare(network, Emulation.MOST_FOLLOWERS);
                double worst = cell.stream().mapToDouble(Comparison::gap).max().orElseThrow();
                terminal.note(String.format(
                        Locale.ROOT,
                        "%s at %s Mbit/s: at most %.3f %% above the optimum",
                        model,
                        network,
                        100 * worst));
                all.addAll(cell);
            }
        }
        Outcome outcome = Outcome.of(command(settings), all);
        if (settings.out().isPresent()) {
            ReportFiles.write(settings.out().get(), outcome);
        }
        return outcome;
    }

    private static Emulation emulation(String model) throws IOException {
        try {
            return new Emulation(model, BuiltInModel.named(model).graph());
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(model + ": " + e.getMessage());
        }
    }

    private static String command(Settings settings) {
        return "tandem experiment edgeld"
                + settings.models().stream().map(model -> " --model " + model).collect(Collectors.joining());
    }
}
