package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TransportSettings;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.scale.Fleets;
import dev.tandem.harness.experiment.scale.Outcome;
import dev.tandem.harness.experiment.scale.ReportFiles;
import dev.tandem.harness.experiment.scale.Trial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How long planning takes, and how far from a bound it ends, on clusters of 10 to 10,000 boards. Nothing runs. */
final class GrowingClusters implements Experiment {

    private static final String MODEL = "resnet-50";
    private static final int TRIALS = 3;

    private final int trials;
    private final List<Integer> nodes;

    GrowingClusters() {
        this(TRIALS, Fleets.NODES);
    }

    /** @param trials clusters for each number of nodes */
    GrowingClusters(int trials, List<Integer> nodes) {
        this.trials = trials;
        this.nodes = List.copyOf(nodes);
    }

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String purpose() {
        return "planning ResNet-50 for 10 to 10,000 boards: time, and gap to what no plan can beat";
    }

    @Override
    public Outcome run(Settings settings, Terminal terminal) throws IOException {
        if (settings.models().size() > 1) {
            throw CommandException.usage("one --model at a time, not " + settings.models() + ".");
        }
        String model = settings.models().isEmpty() ? MODEL : settings.models().get(0);
        ModelGraph graph = BuiltInModel.named(model).graph();
        Fleets fleets = fleets(graph);
        fleets.run(nodes.get(0), 1, settings.seed());
        List<Trial> plans = new ArrayList<>();
        for (int size : nodes) {
            plans.addAll(fleets.run(size, trials, settings.seed()));
            terminal.note(trials + " clusters of " + size + " nodes planned");
        }
        Outcome outcome = new Outcome(
                command(settings), settings.seed(), model, graph.allowedCuts().size(), plans);
        if (settings.out().isPresent()) {
            ReportFiles.write(settings.out().get(), outcome);
        }
        return outcome;
    }

    private static Fleets fleets(ModelGraph graph) {
        TransportSettings transport = SettingsLoader.load().settings().transport();
        ReferenceProfile profile = ReferenceProfile.ofMultiplyAdds(graph);
        return new Fleets(
                graph,
                profile.times(),
                profile.multiplyAddsPerSecond(),
                RuntimeCosts.measured(transport.frameBytes(), transport.window()));
    }

    private static String command(Settings settings) {
        return "tandem experiment scale --seed " + settings.seed()
                + (settings.models().isEmpty()
                        ? ""
                        : " --model " + settings.models().get(0));
    }
}
