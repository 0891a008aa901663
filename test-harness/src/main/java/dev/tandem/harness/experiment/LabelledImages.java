package dev.tandem.harness.experiment;

import dev.tandem.actors.client.PlanRefusedException;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.tensor.ImageInput;
import dev.tandem.deploy.tensor.ImageOptions;
import dev.tandem.deploy.tensor.Normalization;
import dev.tandem.deploy.tensor.Normalization.ChannelOrder;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.deploy.wiring.UnsplitModel;
import dev.tandem.inference.onnx.DimensionValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Real labelled pictures through real models, unsplit and divided over three nodes: how many are recognised either way,
 * and whether every single one gets the same class.
 */
final class LabelledImages implements Experiment {

    private static final int NODES = 3;
    private static final int IN_FLIGHT = 8;
    private static final long MEMORY_BYTES = 1L << 30;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final Normalization CENTRED =
            new Normalization(List.of(128.0), List.of(1 / 128.0), ChannelOrder.RGB);

    /** Which pictures a model is to recognise, and how they become its input. */
    private enum DataSet {
        IMAGENET,
        NEU,
        CIFAR10
    }

    /** @param classOffset what to add to a label to get the model's class */
    private record Case(String model, DataSet data, Normalization normalization, int classOffset) {}

    private static final List<Case> CASES = List.of(
            new Case("imagenet/mobilenet_v2_1.00_224_fp32.onnx", DataSet.IMAGENET, CENTRED, 1),
            new Case("imagenet/mobilenet_v2_1.00_224_int8.onnx", DataSet.IMAGENET, CENTRED, 1),
            new Case(
                    "imagenet/squeezenet1.0_deepcomp_fp32.onnx",
                    DataSet.IMAGENET,
                    Normalization.Preset.CAFFE.normalization(),
                    0),
            new Case("neu/neu_mobilenet_v1_1.00_224_fp32.onnx", DataSet.NEU, CENTRED, 0),
            new Case("neu/neu_mobilenet_v1_0.50_160_int8.onnx", DataSet.NEU, CENTRED, 0),
            new Case(
                    "cifar10/resnet20_cifar10.onnx", DataSet.CIFAR10, Normalization.Preset.IMAGENET.normalization(), 0),
            new Case(
                    "cifar10/resnet32_cifar10.onnx", DataSet.CIFAR10, Normalization.Preset.IMAGENET.normalization(), 0),
            new Case(
                    "cifar10/resnet56_cifar10.onnx",
                    DataSet.CIFAR10,
                    Normalization.Preset.IMAGENET.normalization(),
                    0));

    /**
     * One model, divided one way.
     *
     * @param correctUnsplit pictures that the unsplit model recognises
     * @param correctSplit pictures that the divided model recognises
     * @param sameClass pictures that both give the same class, right or wrong
     * @param refusal why the model cannot be divided so, null when it can; the figures are 0 otherwise
     */
    record Result(
            String model,
            String scheme,
            int images,
            int correctUnsplit,
            int correctSplit,
            int sameClass,
            @Nullable String refusal) {}

    @Override
    public String name() {
        return "labelled-images";
    }

    @Override
    public String purpose() {
        return "classes and accuracy of real models on real pictures, divided over three nodes and unsplit";
    }

    @Override
    public List<Result> run(Settings settings, Terminal terminal) throws Exception {
        Path data = settings.data()
                .orElseThrow(() -> CommandException.usage(
                        "labelled-images needs --data DIR, with the folders models and datasets."));
        List<Result> results = new ArrayList<>();
        try (ScratchDirectory scratch = ScratchDirectory.create();
                ClusterSeat seat =
                        ClusterSeat.local(NodeTemplate.equal(NODES, 1, MEMORY_BYTES, CpuShares.available()))) {
            seat.session().awaitNodes(NODES, DEADLINE);
            for (Case test : CASES) {
                results.addAll(run(test, data, settings.limit(), scratch.path(), seat, terminal));
            }
        }
        return results;
    }

    private static List<Result> run(Case test, Path data, int limit, Path scratch, ClusterSeat seat, Terminal terminal)
            throws Exception {
        Path file = data.resolve("models").resolve(test.model());
        OfferedModel offered = OfferedModel.measure(FoldCache.fold(file, DimensionValues.DEFAULTS));
        Path pictures = Files.createTempDirectory(scratch, "pictures");
        List<LabelledSet.Labelled> labelled = labelled(test.data(), data.resolve("datasets"), pictures, limit);
        ImageInput input = new ImageInput(
                offered.graph().inputs().get(0),
                new ImageOptions(
                        ImageOptions.Resize.EXACT,
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.of(test.normalization())));
        int[] unsplit = unsplit(file, input, labelled);
        List<Result> results = new ArrayList<>();
        for (Scheme scheme : List.of(Scheme.PIPELINE, Scheme.ROWS)) {
            Result result = divided(test, scheme, offered, seat, input, labelled, unsplit);
            terminal.note(result.toString());
            results.add(result);
        }
        return results;
    }

    private static List<LabelledSet.Labelled> labelled(DataSet data, Path datasets, Path target, int limit)
            throws IOException {
        return switch (data) {
            case IMAGENET -> LabelledSet.folder(datasets.resolve("imagenet-sample-256"), "labels.tsv", limit);
            case NEU -> LabelledSet.folder(datasets.resolve("neu-surface-defects"), "labels_test.tsv", limit);
            case CIFAR10 -> LabelledSet.archive(datasets.resolve("cifar10-test-jpeg.zip"), target, limit);
        };
    }

    private static int[] unsplit(Path file, ImageInput input, List<LabelledSet.Labelled> labelled) {
        try (UnsplitModel model = UnsplitModel.open(file, 1)) {
            return labelled.stream()
                    .mapToInt(picture -> best(model.run(named(input.read(picture.picture())))))
                    .toArray();
        }
    }

    private static Result divided(
            Case test,
            Scheme scheme,
            OfferedModel offered,
            ClusterSeat seat,
            ImageInput input,
            List<LabelledSet.Labelled> labelled,
            int[] unsplit)
            throws Exception {
        int[] split = new int[unsplit.length];
        try {
            ServedModel served =
                    ServedModel.deploy(seat, offered, new DeployOrder(scheme, Objective.THROUGHPUT, NODES, NODES));
            var unused = new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, DEADLINE)
                    .run(
                            labelled.size(),
                            index -> served.infer(
                                    named(input.read(labelled.get(index).picture())), DEADLINE),
                            (index, outputs) -> split[index] = best(outputs),
                            figures -> {});
        } catch (PlanRefusedException e) {
            return new Result(test.model(), scheme.name(), 0, 0, 0, 0, e.getMessage());
        }
        int correctUnsplit = 0;
        int correctSplit = 0;
        int same = 0;
        for (int index = 0; index < split.length; index++) {
            int expected = labelled.get(index).label() + test.classOffset();
            correctUnsplit += unsplit[index] == expected ? 1 : 0;
            correctSplit += split[index] == expected ? 1 : 0;
            same += split[index] == unsplit[index] ? 1 : 0;
        }
        return new Result(test.model(), scheme.name(), split.length, correctUnsplit, correctSplit, same, null);
    }

    private static Map<String, TensorValue> named(TensorValue input) {
        return Map.of(input.spec().name(), input);
    }

    private static int best(Map<String, TensorValue> outputs) {
        TensorValue scores = outputs.values().iterator().next();
        int best = 0;
        for (int index = 1; index < scores.size(); index++) {
            best = scores.element(index) > scores.element(best) ? index : best;
        }
        return best;
    }
}
