package dev.tandem.deploy.cli;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ProfileJson;
import dev.tandem.deploy.wiring.ProfileUse;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a gateway in the foreground, which serves one model. */
@CommandLine.Command(
        name = "serve",
        header = "Serve a model to applications, divided over a cluster.",
        description = {
            "",
            "Divides a model over a cluster and takes requests for it from applications anywhere in the cluster, until it"
                    + " is told to stop (Ctrl-C or SIGTERM). This process is the gateway: run a second one on another"
                    + " machine, and applications go on with that when this one is lost. Each has the model divided for"
                    + " itself, so the nodes hold it once per gateway.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem serve mobilenet.onnx --cluster tandem.conf",
            "  tandem serve model.onnx --cluster tandem.conf --scheme rows --shards 4 --objective latency",
            "  tandem serve model.onnx --nodes 3",
            "  tandem serve model.onnx --cluster tandem.conf --plan plan.json",
            "",
            "How an application asks: deploy/docs/application.md."
        })
public final class ServeCommand implements Command {

    private static final Duration OLDEST_PROFILE = Duration.ofDays(30);

    @Mixin
    private ModelArgument model = new ModelArgument();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "The most nodes that a plan may use, and the members of a local cluster where there is no"
                    + " --cluster. Default: all of the cluster, 2 members of a local one.")
    private @Nullable Integer nodes;

    @Option(
            names = "--scheme",
            description = "auto, single, pipeline (N stages on N nodes), rows (shares of the image), hybrid (both, over"
                    + " single core groups) or lanes (several ways through the model that share the requests). Default: as"
                    + " tandem.planner.scheme of the cluster says, auto unless it is set.")
    private @Nullable Scheme scheme;

    @Option(
            names = "--shards",
            paramLabel = "K",
            description = "Shares of each divided stage, for --scheme rows. Default: one per node.")
    private @Nullable Integer shards;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description =
                    "Plan with what 'tandem profile MODEL -o FILE' measured, cuts and narrow shares included, at most"
                            + " 30 days ago. Default: the layers are measured when the command starts, and cuts and narrow shares"
                            + " are taken to cost nothing.")
    private @Nullable Path profile;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "Divide just as a plan of 'tandem plan --json' says, on the nodes that it names, instead of"
                    + " having one made. While one of these is gone nothing is served.")
    private @Nullable Path plan;

    @Mixin
    private ClusterArguments cluster = new ClusterArguments();

    @Mixin
    private JsonOption format = new JsonOption();

    /** What is served and where, for programs: one line when requests are taken. */
    record Serving(String model, String gateway, PlanView plan) {}

    @Override
    public ExitCode run(Terminal terminal) throws IOException, TimeoutException, InterruptedException {
        if (shards != null) {
            CommandLines.requireAtLeastOne("--shards", shards);
        }
        DeployOrder order = order();
        ModelPackage folded = FoldCache.fold(model.file(), model.dimensions(), cluster.cluster());
        Optional<OfferedModel> known = known(folded);
        try (StopRequest stop = StopRequest.watch();
                ClusterSeat seat = cluster.open(terminal, localNodes())) {
            seat.session().awaitNodes(1, ClusterArguments.NODES_DEADLINE);
            seat.session().admitClients();
            ServedModel served = Diagnosis.deploy(seat, known.orElseGet(() -> OfferedModel.measure(folded)), order);
            report(terminal, seat, served);
            seat.session().terminated().toCompletableFuture().join();
            stop.requireAsked("gateway " + seat.session().name());
        }
        return ExitCode.OK;
    }

    private DeployOrder order() throws IOException {
        if (plan == null) {
            return new DeployOrder(
                    Optional.ofNullable(scheme),
                    cluster.objective(),
                    nodes == null ? 0 : nodes,
                    shards == null ? 0 : shards);
        }
        if (scheme != null || shards != null || cluster.objective().isPresent()) {
            throw CommandException.usage(
                    "--plan says all that --scheme, --shards and --objective would; leave them out.");
        }
        return DeployOrder.exactly(PlanFiles.read(plan));
    }

    /** What was measured before, if it may be used. */
    private Optional<OfferedModel> known(ModelPackage folded) throws IOException {
        if (profile == null) {
            return Optional.empty();
        }
        ProfileJson measured = PlanProfiles.read(profile);
        new ProfileUse(folded.graph(), OnnxRuntime.version(), Instant.now(), OLDEST_PROFILE)
                .requireFresh(profile.toString(), measured);
        return Optional.of(OfferedModel.of(folded, measured));
    }

    private int localNodes() {
        if (nodes != null) {
            CommandLines.requireAtLeastOne("--nodes", nodes);
        }
        return nodes == null ? 2 : nodes;
    }

    private void report(Terminal terminal, ClusterSeat seat, ServedModel served) {
        PlanView plan = PlanView.of(served.plan(), served.graph());
        String name = served.graph().name();
        if (format.isJson()) {
            terminal.jsonLine(new Serving(name, seat.session().name(), plan));
            return;
        }
        plan.print(terminal);
        terminal.line("");
        terminal.line("serving '" + name + "' as " + seat.session().name() + "; Ctrl-C stops it");
    }
}
