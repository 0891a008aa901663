package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TransportSettings;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.scale.Benchmark;
import java.io.IOException;
import java.util.List;

/** How long planning for eight boards of three core groups takes. Nothing runs. */
final class PlanningTime implements Experiment {

    private static final String MODEL = "efficientnet-b0";

    /** What was timed, and how many cuts the model has. */
    record Outcome(String model, int cuts, long seed, int rounds, List<Benchmark.Row> rows) {}

    @Override
    public String name() {
        return "planning-time";
    }

    @Override
    public String purpose() {
        return "planning for eight boards of three core groups: processor time whole, within a budget, and adapted";
    }

    @Override
    public Outcome run(Settings settings, Terminal terminal) throws IOException {
        if (settings.models().size() > 1) {
            throw CommandException.usage("one --model at a time, not " + settings.models() + ".");
        }
        String model = settings.models().isEmpty() ? MODEL : settings.models().get(0);
        ModelGraph graph = BuiltInModel.named(model).graph();
        TransportSettings transport = SettingsLoader.load().settings().transport();
        ReferenceProfile profile = ReferenceProfile.ofMultiplyAdds(graph);
        Benchmark benchmark = new Benchmark(
                graph,
                profile.times(),
                profile.multiplyAddsPerSecond(),
                RuntimeCosts.measured(transport.frameBytes(), transport.window()),
                settings.seed());
        terminal.note("planning " + model + ", " + graph.allowedCuts().size() + " cuts, " + settings.rounds()
                + " times in each of six ways, as often before to warm up");
        return new Outcome(
                model,
                graph.allowedCuts().size(),
                settings.seed(),
                settings.rounds(),
                benchmark.run(settings.rounds()));
    }
}
