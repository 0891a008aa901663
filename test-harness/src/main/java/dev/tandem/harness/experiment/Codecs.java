package dev.tandem.harness.experiment;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.region.RegionView;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.tensor.ImageInput;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.LabelledSet.Labelled;
import dev.tandem.harness.experiment.codec.CodecPage;
import dev.tandem.harness.experiment.codec.CodecTrial;
import dev.tandem.harness.experiment.codec.CodedAnswers;
import dev.tandem.harness.experiment.codec.FeatureMaps;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * What codecs make of real feature maps: bytes, speed on one core and errors; and of the classes of labelled pictures when
 * every edge of a pipeline over three nodes has the codec.
 */
final class Codecs implements Experiment {

    private static final int NODES = 3;
    private static final long MEMORY_BYTES = 1L << 30;
    private static final Duration REPORTS_AGAIN = Duration.ofMillis(100);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int CUTS = 6;
    private static final int PICTURES_OF_MAPS = 2;

    /** Everything that was measured. */
    record Outcome(List<CodecTrial> featureMaps, List<CodedAnswers> answers) {}

    /** A model with its pictures. */
    private record Subject(
            LabelledCase test, ModelPackage model, ImageInput input, List<Labelled> pictures, List<Integer> unsplit) {

        String name() {
            return test.name();
        }
    }

    @Override
    public String name() {
        return "codecs";
    }

    @Override
    public String purpose() {
        return "bytes, speed and errors of codecs on real feature maps, and classes of real pictures with every edge coded";
    }

    @Override
    public Outcome run(Settings settings, Terminal terminal) throws Exception {
        Path data = settings.data()
                .orElseThrow(
                        () -> CommandException.usage("codecs needs --data DIR, with the folders models and datasets."));
        List<CodecTrial> trials = new ArrayList<>();
        List<CodedAnswers> answers = new ArrayList<>();
        try (ScratchDirectory scratch = ScratchDirectory.create();
                ClusterSeat seat =
                        ClusterSeat.local(NodeTemplate.equal(NODES, 1, MEMORY_BYTES, CpuShares.available()))) {
            seat.session().awaitNodes(NODES, DEADLINE);
            for (LabelledCase test : cases(settings.models())) {
                Subject subject = subject(test, data, settings.limit(), scratch.path());
                trials.addAll(featureMaps(subject, settings.seconds()));
                answers.addAll(answers(subject, seat));
                terminal.note(subject.name() + " is done");
            }
        }
        if (settings.out().isPresent()) {
            String models =
                    settings.models().stream().map(model -> " --model " + model).collect(Collectors.joining());
            String command = "tandem experiment codecs --data DIR --limit " + settings.limit() + " --seconds "
                    + settings.seconds() + models + " --out DIR";
            CodecPage.write(settings.out().get(), command, trials, answers);
        }
        return new Outcome(trials, answers);
    }

    /** Those whose files have these names, without .onnx; all where none is named. */
    private static List<LabelledCase> cases(List<String> models) {
        List<LabelledCase> named = LabelledCase.ALL.stream()
                .filter(test -> models.isEmpty() || models.contains(test.name()))
                .toList();
        if (named.isEmpty()) {
            throw CommandException.usage("codecs has none of the models " + models + "; it has "
                    + LabelledCase.ALL.stream().map(LabelledCase::name).toList() + ".");
        }
        return named;
    }

    /** Folded in the scratch folder, as parts of it are written beside it. */
    private static Subject subject(LabelledCase test, Path data, int limit, Path scratch) throws IOException {
        ModelPackage model = ModelFolder.fold(
                test.file(data),
                FoldOptions.DEFAULTS,
                scratch.resolve(test.model().replace('/', '-')));
        List<Labelled> pictures = test.pictures(data, limit, scratch);
        ImageInput input = test.input(model.graph().inputs().get(0));
        return new Subject(test, model, input, pictures, test.unsplit(data, input, pictures));
    }

    /** None of quantised models, in which no floats cross cuts. */
    private static List<CodecTrial> featureMaps(Subject subject, double seconds) throws IOException {
        List<ByteBuffer> inputs = new ArrayList<>();
        for (Labelled picture : subject.pictures()
                .subList(0, Math.min(PICTURES_OF_MAPS, subject.pictures().size()))) {
            inputs.add(subject.input().read(picture.picture()).buffer());
        }
        List<RegionView> maps = FeatureMaps.of(subject.model(), inputs, CUTS);
        List<CodecTrial> trials = new ArrayList<>();
        if (!maps.isEmpty()) {
            for (Codec codec : Codec.values()) {
                trials.add(CodecTrial.of(subject.name(), codec, maps, seconds));
            }
        }
        return trials;
    }

    /** The cuts of the plan without a codec, whatever codec would like others better. */
    private static List<CodedAnswers> answers(Subject subject, ClusterSeat seat)
            throws TimeoutException, InterruptedException {
        OfferedModel offered = OfferedModel.measure(subject.model());
        DeployOrder order =
                new DeployOrder(Scheme.PIPELINE, Objective.THROUGHPUT, NODES, NODES).coded(Optional.of(Codec.EXACT));
        Plan plan = ServedModel.deploy(seat, offered, order).plan().withoutStandby();
        List<CodedAnswers> answers = new ArrayList<>();
        for (Codec codec : Codec.values()) {
            ServedModel served = ServedModel.deploy(seat, offered, DeployOrder.exactly(coded(plan, offered, codec)));
            List<Integer> classes = LabelledCase.served(served, subject.input(), subject.pictures());
            answers.add(new CodedAnswers(
                    subject.name(),
                    codec.toString(),
                    classes.size(),
                    LabelledCase.correct(subject.pictures(), subject.unsplit()),
                    LabelledCase.correct(subject.pictures(), classes),
                    LabelledCase.same(classes, subject.unsplit()),
                    bytes(served)));
        }
        return answers;
    }

    private static Plan coded(Plan plan, OfferedModel model, Codec codec) {
        return new Plan(
                plan.model(),
                plan.modelDigest(),
                plan.scheme(),
                plan.lanes().stream()
                        .map(lane -> lane.coded(model.graph(), codec))
                        .toList(),
                plan.predicted());
    }

    /** On the wire for each request so far, from shards' reports, each of which is whole in itself. They come now and then. */
    private static double bytes(ServedModel served) throws TimeoutException, InterruptedException {
        int shards = served.plan().lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .mapToInt(stage -> stage.shards().size())
                .sum();
        long end = System.nanoTime() + DEADLINE.toNanos();
        Stats stats = stats(served);
        while (stats.shards().stream().filter(report -> report.completed() > 0).count() < shards) {
            if (System.nanoTime() - end > 0) {
                throw new TimeoutException(
                        "not all of " + shards + " shards have said what they have sent: " + stats.shards());
            }
            TimeUnit.MILLISECONDS.sleep(REPORTS_AGAIN.toMillis());
            stats = stats(served);
        }
        double bytes = (double) stats.bytesSent() / Math.max(1, stats.returned());
        for (ShardReport report : stats.shards()) {
            bytes += (double) report.bytesSent() / report.completed();
        }
        return bytes;
    }

    private static Stats stats(ServedModel served) throws TimeoutException, InterruptedException {
        try {
            return served.stats().toCompletableFuture().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the gateway must say what it has sent: " + e.getCause(), e);
        }
    }
}
