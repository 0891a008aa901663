package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TransportSettings;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.TopologyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The comparison of HiDP (DATE 2025), predicted: its four networks on its five boards, planned by what it was compared
 * with, by HiDP and by Tandem, all scored by one cost model. Requests arrive at each of the boards in turn, since any may
 * be the leader. Nothing runs; times of layers follow from their multiply-adds.
 */
final class HiDpBoards implements Experiment {

    private static final List<String> MODELS = List.of("efficientnet-b0", "inception-v3", "resnet-152", "vgg-19");
    private static final List<String> COMPARED = List.of("disnet", "omniboost", "modnn", "single-node");
    private static final String HIDP = "hidp";
    private static final String TANDEM = "tandem";
    private static final String BOARDS = "conf/hidp-boards.conf";

    /** A difference below rounding is none. */
    private static final double ROUNDING = 1e-9;

    /**
     * One model with requests at one board.
     *
     * @param latencySeconds of one request, by technique, each planned for latency
     * @param throughputPerSecond by technique, each planned for throughput
     * @param energyJoules of one request, all boards together, by technique, each planned for energy
     */
    record Row(
            String model,
            String leader,
            Map<String, Double> latencySeconds,
            Map<String, Double> throughputPerSecond,
            Map<String, Double> energyJoules) {}

    /**
     * Means over all rows of one technique.
     *
     * @param latencyOfCompared latency as a share of the mean of the compared techniques' in the same row
     * @param throughputOfCompared likewise
     * @param energyOfCompared likewise
     * @param tandemEnergyOfIts Tandem's energy as a share of this technique's in the same row
     */
    record Summary(
            String technique,
            double latencyOfCompared,
            double throughputOfCompared,
            double energyOfCompared,
            double tandemEnergyOfIts) {}

    /** @param lost rows in which Tandem is behind any other technique, in words */
    record Result(String boards, List<Row> rows, List<Summary> summary, List<String> lost) {}

    private final Supplier<Path> boards;

    HiDpBoards() {
        this(() -> LaunchedMembers.home().resolve(BOARDS));
    }

    /** @param boards where the topology file is */
    HiDpBoards(Supplier<Path> boards) {
        this.boards = boards;
    }

    @Override
    public String name() {
        return "hidp";
    }

    @Override
    public String purpose() {
        return "HiDP's boards and networks: latency, throughput and energy predicted for its baselines, HiDP and Tandem";
    }

    @Override
    public Result run(Settings settings, Terminal terminal) throws Exception {
        TopologyFile machines = TopologyFile.read(boards.get());
        List<Row> rows = new ArrayList<>();
        for (String model : settings.models().isEmpty() ? MODELS : settings.models()) {
            ModelGraph graph = BuiltInModel.named(model).graph();
            ReferenceProfile profile = ReferenceProfile.ofMultiplyAdds(graph);
            Topology topology = machines.topology(profile);
            for (Node leader : topology.nodes()) {
                rows.add(row(model, graph, profile, topology, leader.id()));
            }
            terminal.note(model + " planned on " + topology.nodes().size() + " boards");
        }
        return result(rows);
    }

    private static Row row(String model, ModelGraph graph, ReferenceProfile profile, Topology topology, String leader) {
        TransportSettings transport = SettingsLoader.load().settings().transport();
        CostModel cost = new CostModel(
                graph,
                profile.times(),
                profile.multiplyAddsPerSecond(),
                topology,
                RuntimeCosts.measured(transport.frameBytes(), transport.window()));
        return new Row(
                model,
                leader,
                figures(cost, leader, Objective.LATENCY, PlanScore::latencySeconds),
                figures(cost, leader, Objective.THROUGHPUT, PlanScore::throughputPerSecond),
                figures(cost, leader, Objective.ENERGY, Objective.ENERGY::value));
    }

    /** What each technique's plan for an objective comes to. */
    private static Map<String, Double> figures(
            CostModel cost, String leader, Objective objective, ToDoubleFunction<PlanScore> figure) {
        Topology topology = cost.topology();
        PlanRequest request = new PlanRequest(
                cost.graph(),
                topology,
                cost,
                objective,
                Scheme.AUTO,
                topology.nodes().size(),
                topology.coreGroups().size(),
                leader);
        Map<String, Double> figures = new LinkedHashMap<>();
        planners()
                .forEach((technique, planner) -> figures.put(technique, figure.applyAsDouble(score(planner, request))));
        return figures;
    }

    private static Map<String, Planner> planners() {
        Map<String, Planner> planners = new LinkedHashMap<>();
        COMPARED.forEach(name ->
                planners.put(name, Objects.requireNonNull(Baselines.all().get(name))));
        planners.put(HIDP, Objects.requireNonNull(Baselines.all().get(HIDP)));
        planners.put(TANDEM, new DefaultPlanner());
        return planners;
    }

    private static PlanScore score(Planner planner, PlanRequest request) {
        PlanResult result = planner.plan(request);
        if (result instanceof Planned planned) {
            return planned.plan().predicted();
        }
        throw new IllegalStateException("no plan for " + request.graph().name() + ": " + result);
    }

    private static Result result(List<Row> rows) {
        List<Summary> summaries = planners().keySet().stream()
                .map(technique -> new Summary(
                        technique,
                        mean(rows, row -> share(row.latencySeconds(), technique)),
                        mean(rows, row -> share(row.throughputPerSecond(), technique)),
                        mean(rows, row -> share(row.energyJoules(), technique)),
                        mean(rows, row -> of(row.energyJoules(), TANDEM) / of(row.energyJoules(), technique))))
                .toList();
        List<String> lost = new ArrayList<>();
        rows.forEach(row -> addLost(lost, row));
        return new Result(BOARDS, rows, summaries, lost);
    }

    private static double mean(List<Row> rows, ToDoubleFunction<Row> figure) {
        return rows.stream().mapToDouble(figure).average().orElseThrow();
    }

    /** A technique's figure as a share of the mean of those that HiDP was compared with. */
    private static double share(Map<String, Double> figures, String technique) {
        double mean = COMPARED.stream()
                .mapToDouble(name -> of(figures, name))
                .average()
                .orElseThrow();
        return of(figures, technique) / mean;
    }

    private static double of(Map<String, Double> figures, String technique) {
        return Objects.requireNonNull(figures.get(technique));
    }

    private static void addLost(List<String> lost, Row row) {
        addLost(lost, row, "latency", "s", row.latencySeconds(), 1);
        addLost(lost, row, "throughput", "/s", row.throughputPerSecond(), -1);
        addLost(lost, row, "energy", "J", row.energyJoules(), 1);
    }

    /** @param sign 1 where small figures are good, -1 where large ones are */
    private static void addLost(
            List<String> lost, Row row, String what, String unit, Map<String, Double> figures, int sign) {
        double tandem = of(figures, TANDEM);
        figures.forEach((technique, figure) -> {
            if (sign * figure < sign * tandem - tandem * ROUNDING) {
                lost.add(row.model() + " at " + row.leader() + ": " + what + " of " + technique + " " + figure + " "
                        + unit + ", " + TANDEM + " " + tandem + " " + unit);
            }
        });
    }
}
