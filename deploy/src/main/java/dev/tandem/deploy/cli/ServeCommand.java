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
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a gateway in the foreground, which serves one model, or those that settings list. */
@CommandLine.Command(
        name = "serve",
        header = "Serve models to applications, divided over a cluster.",
        description = {
            "",
            "Divides a model over a cluster and takes requests for it from applications anywhere in the cluster, until it"
                    + " is told to stop (Ctrl-C or SIGTERM). This process is the gateway: run a second one on another"
                    + " machine, and applications go on with that when this one is lost. Each has the model divided for"
                    + " itself, so the nodes hold it once per gateway.",
            "",
            "Without MODEL it serves the models that tandem.gateway.models of the settings file lists, each by itself, and"
                    + " follows the list: when the file is read again, models that are new are served, those that are gone are"
                    + " withdrawn, and those of which anything has changed are replaced, while the others serve on.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem serve mobilenet.onnx --cluster tandem.conf",
            "  tandem serve model.onnx --cluster tandem.conf --scheme rows --shards 4 --objective latency",
            "  tandem serve model.onnx --nodes 3",
            "  tandem serve model.onnx --cluster tandem.conf --plan plan.json",
            "  tandem serve --cluster tandem.conf       # with tandem.gateway.models = [mobilenet.onnx, resnet.onnx]",
            "",
            "How an application asks: deploy/docs/application.md."
        })
public final class ServeCommand implements Command {

    @Mixin
    private OptionalModelArgument model = new OptionalModelArgument();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "The most nodes that a plan may use, and the members of a local cluster where there is no"
                    + " --cluster. Default: all of the cluster, 2 members of a local one.")
    private @Nullable Integer nodes;

    @Option(
            names = "--scheme",
            description = SchemeWords.SCHEMES
                    + " Default: as tandem.planner.scheme of the cluster says, auto unless it is set.")
    private @Nullable Scheme scheme;

    @Option(names = "--shards", paramLabel = "K", description = SchemeWords.SHARDS)
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

    @Override
    public ExitCode run(Terminal terminal) throws IOException, TimeoutException, InterruptedException {
        ServeReport report = new ServeReport(terminal, format.isJson());
        return model.isGiven() ? serveOne(terminal, report) : serveListed(terminal, report);
    }

    private ExitCode serveListed(Terminal terminal, ServeReport report) throws TimeoutException, InterruptedException {
        requireNothingOfOneModel();
        ListServing.check(cluster.cluster());
        try (StopRequest stop = StopRequest.watch();
                ClusterSeat seat = cluster.open(terminal, 1);
                ListServing listed = new ListServing(report, seat.session())) {
            seat.session().admitClients();
            listed.start();
            awaitEnd(seat, stop);
        }
        return ExitCode.OK;
    }

    private void requireNothingOfOneModel() {
        boolean isAnyGiven = Stream.of(nodes, scheme, shards, profile, plan).anyMatch(Objects::nonNull)
                || cluster.objective().isPresent()
                || cluster.codec().isPresent()
                || cluster.halo().isPresent()
                || model.hasDimensions();
        if (isAnyGiven) {
            throw CommandException.usage(
                    "--nodes, --scheme, --shards, --objective, --codec, --halo, --profile, --plan and --dim are about one"
                            + " MODEL, and none is given. Maybe write them as keys of the model in tandem.gateway.models.");
        }
    }

    private ExitCode serveOne(Terminal terminal, ServeReport report)
            throws IOException, TimeoutException, InterruptedException {
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
            report.serves(served.plan(), served.graph(), seat.session().name());
            awaitEnd(seat, stop);
        }
        return ExitCode.OK;
    }

    private static void awaitEnd(ClusterSeat seat, StopRequest stop) {
        seat.session().terminated().toCompletableFuture().join();
        stop.requireAsked("gateway " + seat.session().name());
    }

    private DeployOrder order() throws IOException {
        if (plan == null) {
            return new DeployOrder(
                            Optional.ofNullable(scheme),
                            cluster.objective(),
                            nodes == null ? 0 : nodes,
                            shards == null ? 0 : shards)
                    .coded(cluster.codec())
                    .halo(cluster.halo());
        }
        if (scheme != null
                || shards != null
                || cluster.objective().isPresent()
                || cluster.codec().isPresent()
                || cluster.halo().isPresent()) {
            throw CommandException.usage(
                    "--plan says all that --scheme, --shards, --objective, --codec and --halo would; leave them out.");
        }
        return DeployOrder.exactly(PlanFiles.read(plan));
    }

    /** What was measured before, if it may be used. */
    private Optional<OfferedModel> known(ModelPackage folded) throws IOException {
        if (profile == null) {
            return Optional.empty();
        }
        ProfileJson measured = PlanProfiles.read(profile);
        new ProfileUse(folded.graph(), OnnxRuntime.version(), Instant.now(), ProfileUse.OLDEST)
                .requireFresh(profile.toString(), measured);
        return Optional.of(OfferedModel.of(folded, measured));
    }

    private int localNodes() {
        if (nodes != null) {
            CommandLines.requireAtLeastOne("--nodes", nodes);
        }
        return nodes == null ? 2 : nodes;
    }
}
