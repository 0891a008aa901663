package dev.tandem.deploy.cli;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TransportSettings;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.planner.BoundedPlanner;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.wiring.ExplainJson;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.deploy.wiring.ProfileJson;
import dev.tandem.deploy.wiring.ProfileUse;
import dev.tandem.deploy.wiring.SimulationJson;
import dev.tandem.deploy.wiring.TopologyFile;
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says how a model would be divided over machines that need not be there. */
@CommandLine.Command(
        name = "plan",
        header = "Say how a model would be divided over machines that need not be there.",
        description = {
            "",
            "Reads machines and links from a topology file, plans, and prints what runs where, what it is predicted to"
                    + " do, what bounds the throughput, and what the alternatives would cost. --explain takes the"
                    + " prediction apart, --svg draws it. Nothing is started.",
            "",
            "With MODEL every layer is measured on this machine, and a machine of the file takes longer or shorter as"
                    + " its rate is lower or higher than this one's. With --graph times follow from multiply-adds:"
                    + " quicker, coarser, and no model is needed. With --profile they come from measurements, which also"
                    + " say what cuts and narrow shares of rows cost.",
            ""
        },
        footer = {
            "",
            "A topology file (HOCON or JSON; docs/plan.md explains every key):",
            "  default-link { bandwidth = 1Gbit/s, latency = 200us }",
            "  nodes = [",
            "    { name = pi-1, preset = raspberry-pi-4 }",
            "    { name = pi-2, memory = 2GiB, core-groups = [ { threads = 4, rate = 9e9 } ] }",
            "  ]",
            "",
            "Examples:",
            "  tandem plan resnet50.onnx --topology conf/five-boards.conf",
            "  tandem plan resnet50.onnx --topology conf/five-boards.conf --explain --svg plan.svg",
            "  tandem plan resnet50.onnx --topology conf/five-boards.conf --compare",
            "  tandem plan resnet50.onnx --topology boards.conf --scheme pipeline --nodes 3 --objective latency",
            "  tandem plan resnet50.onnx --topology conf/five-boards.conf --objective energy --max-latency 500ms",
            "  tandem graph resnet50.onnx --json > graph.json && tandem plan --graph graph.json --topology boards.conf",
            "  tandem plan resnet50.onnx --topology boards.conf --profile pi.json --profile nano=nano.json",
            "  tandem plan resnet50.onnx --topology boards.conf --codec float16",
            "  tandem plan --graph graph.json --topology boards.conf --json | jq .predicted",
            "  tandem plan --graph graph.json --topology boards.conf --simulate 500 --rate 20 --timeline trace.json"
        })
public final class PlanCommand implements Command {

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "An ONNX file.")
    private @Nullable Path model;

    @Option(
            names = "--graph",
            paramLabel = "FILE",
            description = "Plan for the graph in this file, as 'tandem graph MODEL --json' writes it.")
    private @Nullable Path graph;

    @Option(
            names = "--topology",
            required = true,
            paramLabel = "FILE",
            description = "The machines and the links between them.")
    private Path topology = Path.of("");

    @Option(
            names = "--profile",
            paramLabel = "[NODE[/GROUP]=]FILE",
            description =
                    "Take times from what 'tandem profile MODEL -o FILE' measured: for a machine of the topology, one"
                            + " of its core groups, or, without NODE, for all that have no profile of their own, scaled by their"
                            + " rates. May be repeated.")
    private List<String> profiles = new ArrayList<>();

    @Option(
            names = "--max-age",
            paramLabel = "DAYS",
            defaultValue = "30",
            description = "Refuse profiles that were measured longer ago. Default: 30.")
    private int maxAgeDays;

    @Option(
            names = "--dim",
            paramLabel = "NAME=VALUE",
            description = "Value of a dynamic dimension of MODEL, by its name or as INPUT[AXIS]; may be repeated.")
    private List<String> dimensions = new ArrayList<>();

    @Option(
            names = "--objective",
            defaultValue = "throughput",
            description = "What the plan is best in: latency, throughput, energy or energy-delay (the energy of one"
                    + " request times its latency; both need the power of every machine). Default: throughput.")
    private Objective objective = Objective.THROUGHPUT;

    @Option(names = "--scheme", defaultValue = "auto", description = SchemeWords.SCHEMES + " Default: auto.")
    private Scheme scheme = Scheme.AUTO;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "Most nodes to use; exactly as many for a pipeline. Default: all in the file.")
    private @Nullable Integer nodes;

    @Option(names = "--shards", paramLabel = "K", description = SchemeWords.SHARDS)
    private @Nullable Integer shards;

    @Option(names = "--halo", defaultValue = "chosen", description = ClusterArguments.HALO)
    private Halo halo = Halo.CHOSEN;

    @Option(
            names = "--budget",
            paramLabel = "MS",
            description =
                    "Stop looking for a better plan after about so many milliseconds; a single core group and cheap"
                            + " divisions are always tried. Default: look at everything.")
    private @Nullable Integer budgetMillis;

    @Option(
            names = "--codec",
            defaultValue = "exact",
            description =
                    "How tensors travel between nodes: exact, float16, int8, lz4, float16-lz4 or int8-lz4. What is"
                            + " predicted takes what codecs saved and cost on feature maps of real models. Default: exact.")
    private Codec codec = Codec.EXACT;

    @Option(
            names = "--compare",
            description = "Also plan as published schemes would, and set their predictions beside the plan's.")
    private boolean compare;

    @Mixin
    private ConstraintArguments bounds = new ConstraintArguments();

    @Mixin
    private ExplanationArguments explanation = new ExplanationArguments();

    @Mixin
    private SimulationArguments simulation = new SimulationArguments();

    @Mixin
    private JsonOption format = new JsonOption();

    /** What is planned for, and its times on the reference. */
    private record Subject(ModelGraph graph, Profile profile, double multiplyAddsPerSecond) {}

    @Override
    public ExitCode run(Terminal terminal) throws IOException {
        requireArguments();
        Constraints constraints = bounds.constraints();
        PlanProfiles given = PlanProfiles.read(profiles, TopologyFile.read(topology));
        Subject subject = subject(given, terminal);
        PlanRequest request = request(given.machines(), subject);
        Planner planner = explanation.isAsked() ? DefaultPlanner.ofAll() : new DefaultPlanner();
        PlanResult result = new BoundedPlanner(planner, constraints).plan(request);
        if (result instanceof Refused refused) {
            throw CommandException.refused(refused.reason());
        }
        Planned planned = checked(request, (Planned) result);
        PlanJson json = PlanJson.of(request, planned);
        Optional<SimulationJson> simulated = simulation.simulate(request, planned.plan());
        Optional<PlanComparison> compared =
                compare ? Optional.of(PlanComparison.of(request, constraints, planned.plan())) : Optional.empty();
        Optional<ExplainJson> explained = explanation.explain(planner, request, constraints, planned);
        explanation.draw(request, planned.plan());
        if (format.isJson()) {
            terminal.json(new PlanAnswer(json, explained.orElse(null), simulated.orElse(null), compared.orElse(null)));
        } else {
            PlanView view = PlanView.of(planned.plan(), subject.graph());
            explained.ifPresentOrElse(
                    reasons -> new ExplainReport(view, reasons, objective).print(terminal),
                    () -> new PlanReport(view, json).print(terminal));
            simulated.ifPresent(done -> new SimulationReport(done).print(terminal));
            compared.ifPresent(comparison -> comparison.print(terminal));
        }
        return ExitCode.OK;
    }

    private void requireArguments() {
        if ((model == null) == (graph == null)) {
            throw CommandException.usage(
                    "expected either MODEL or --graph FILE" + (model == null ? "." : ", but both are given."));
        }
        if (graph != null && !dimensions.isEmpty()) {
            throw CommandException.usage("--dim is for MODEL: the shapes of a graph are fixed.");
        }
        CommandLines.requireAtLeastOne("--max-age", maxAgeDays);
        if (nodes != null) {
            CommandLines.requireAtLeastOne("--nodes", nodes);
        }
        if (shards != null) {
            CommandLines.requireAtLeastOne("--shards", shards);
        }
        explanation.check();
        simulation.check();
    }

    private Subject subject(PlanProfiles given, Terminal terminal) throws IOException {
        if (graph != null) {
            ModelGraph read = readGraph(graph);
            return given.reference().isPresent() ? given(read, given) : fromMultiplyAdds(read, graph);
        }
        Path file = ModelFiles.require(model == null ? Path.of("") : model);
        ModelPackage folded = FoldCache.fold(file, DimensionValues.of(dimensions));
        if (given.reference().isPresent()) {
            return given(folded.graph(), given);
        }
        terminal.note("measuring the layers on this machine");
        ReferenceProfile measured = OfferedModel.measure(folded).profile();
        return new Subject(folded.graph(), Profile.of(measured.times()), measured.multiplyAddsPerSecond());
    }

    private Subject given(ModelGraph read, PlanProfiles given) {
        given.requireFresh(use(read));
        ProfileJson profile = given.reference().orElseThrow();
        ProfileJson.Group group = profile.fastest();
        return new Subject(read, profile.profile(group), group.multiplyAddsPerSecond());
    }

    private ProfileUse use(ModelGraph read) {
        return new ProfileUse(read, OnnxRuntime.version(), Instant.now(), Duration.ofDays(maxAgeDays));
    }

    private static Subject fromMultiplyAdds(ModelGraph read, Path file) {
        if (read.multiplyAdds(read.whole()) == 0) {
            throw CommandException.usage("graph " + file + " has no multiply-adds to tell times from. Maybe give the"
                    + " model instead, so that its layers are measured.");
        }
        ReferenceProfile nominal = ReferenceProfile.ofMultiplyAdds(read);
        return new Subject(read, Profile.of(nominal.times()), nominal.multiplyAddsPerSecond());
    }

    private static ModelGraph readGraph(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandException.usage("graph " + file + ": no such file.");
        }
        try {
            return GraphJson.read(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.USAGE,
                    file + ": " + e.getMessage() + System.lineSeparator()
                            + "Maybe write it anew with 'tandem graph MODEL --json'.",
                    e);
        }
    }

    /** What is left open may use every core group. */
    private int mostShards(Topology cluster, int nodes) {
        return scheme == Scheme.AUTO ? cluster.coreGroups().size() : nodes;
    }

    private PlanRequest request(TopologyFile machines, Subject subject) {
        Topology cluster =
                machines.topology(new ReferenceProfile(subject.profile().times(), subject.multiplyAddsPerSecond()));
        TransportSettings transport = SettingsLoader.load().settings().transport();
        CostModel cost = new CostModel(
                        subject.graph(),
                        subject.profile(),
                        subject.multiplyAddsPerSecond(),
                        machines.profiles(use(subject.graph())),
                        cluster,
                        RuntimeCosts.measured(transport.frameBytes(), transport.window()))
                .coded(codec);
        int most = nodes == null ? cluster.nodes().size() : nodes;
        int parts = shards == null ? mostShards(cluster, most) : shards;
        return new PlanRequest(subject.graph(), cluster, cost, objective, scheme, most, parts, machines.gateway())
                .with(halo)
                .within(budget());
    }

    private PlanBudget budget() {
        if (budgetMillis == null) {
            return PlanBudget.UNLIMITED;
        }
        CommandLines.requireAtLeastOne("--budget", budgetMillis);
        return PlanBudget.of(Duration.ofMillis(budgetMillis));
    }

    /** A planner's mistake must not be taken for an answer. */
    private static Planned checked(PlanRequest request, Planned planned) {
        List<String> problems = PlanCheck.problems(planned.plan(), request.graph(), request.topology());
        if (!problems.isEmpty()) {
            throw new IllegalStateException("the planner made a plan that cannot run: " + problems);
        }
        return planned;
    }
}
