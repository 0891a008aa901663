package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TransportSettings;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.mesh.Meshes;
import dev.tandem.harness.experiment.mesh.Outcome;
import dev.tandem.harness.experiment.mesh.ReportFiles;
import dev.tandem.harness.experiment.mesh.Trial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The comparison of DisNet (IEEE IoT Journal 2024), predicted: VGG-16 on random meshes, planned as DisNet and MoDNN do and by
 * Tandem, all scored by one cost model. Nothing runs; times of layers follow from their multiply-adds.
 */
final class DisNetMeshes implements Experiment {

    private static final String MODEL = "vgg-16";
    private static final int TRIALS = 20;

    private final int trials;
    private final List<Integer> nodes;

    DisNetMeshes() {
        this(TRIALS, Meshes.NODES);
    }

    /** @param trials meshes for each number of nodes */
    DisNetMeshes(int trials, List<Integer> nodes) {
        this.trials = trials;
        this.nodes = List.copyOf(nodes);
    }

    @Override
    public String name() {
        return "disnet";
    }

    @Override
    public String purpose() {
        return "VGG-16 on DisNet's random meshes: latency and throughput predicted for DisNet, MoDNN and Tandem";
    }

    @Override
    public Outcome run(Settings settings, Terminal terminal) throws IOException {
        if (settings.models().size() > 1) {
            throw CommandException.usage("one --model at a time, not " + settings.models() + ".");
        }
        String model = settings.models().isEmpty() ? MODEL : settings.models().get(0);
        Meshes meshes = meshes(BuiltInModel.named(model).graph());
        List<Trial> all = new ArrayList<>();
        for (int size : nodes) {
            all.addAll(meshes.run(size, trials, settings.seed()));
            terminal.note(trials + " meshes of " + size + " nodes planned");
        }
        Outcome outcome = Outcome.of(command(settings), settings.seed(), trials, all);
        if (settings.out().isPresent()) {
            ReportFiles.write(settings.out().get(), outcome);
        }
        return outcome;
    }

    private static Meshes meshes(ModelGraph graph) {
        TransportSettings transport = SettingsLoader.load().settings().transport();
        ReferenceProfile profile = ReferenceProfile.ofMultiplyAdds(graph);
        return new Meshes(
                graph,
                profile.times(),
                profile.multiplyAddsPerSecond(),
                RuntimeCosts.measured(transport.frameBytes(), transport.window()));
    }

    private static String command(Settings settings) {
        return "tandem experiment disnet --seed " + settings.seed()
                + (settings.models().isEmpty()
                        ? ""
                        : " --model " + settings.models().get(0));
    }
}
