package dev.tandem.harness.experiment;

import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.tensor.ImageInput;
import dev.tandem.deploy.tensor.ImageOptions;
import dev.tandem.deploy.tensor.Normalization;
import dev.tandem.deploy.tensor.Normalization.ChannelOrder;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.deploy.wiring.UnsplitModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;

/**
 * A real model with the labelled pictures that it is to recognise.
 *
 * @param model file below the folder of models
 * @param normalization how pictures become its input
 * @param classOffset what to add to a label to get the model's class
 */
record LabelledCase(String model, DataSet pictures, Normalization normalization, int classOffset) {

    private static final int IN_FLIGHT = 8;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final Normalization CENTRED =
            new Normalization(List.of(128.0), List.of(1 / 128.0), ChannelOrder.RGB);

    /** Where pictures are from. */
    enum DataSet {
        IMAGENET,
        NEU,
        CIFAR10
    }

    static final List<LabelledCase> ALL = List.of(
            new LabelledCase("imagenet/mobilenet_v2_1.00_224_fp32.onnx", DataSet.IMAGENET, CENTRED, 1),
            new LabelledCase("imagenet/mobilenet_v2_1.00_224_int8.onnx", DataSet.IMAGENET, CENTRED, 1),
            new LabelledCase(
                    "imagenet/squeezenet1.0_deepcomp_fp32.onnx",
                    DataSet.IMAGENET,
                    Normalization.Preset.CAFFE.normalization(),
                    0),
            new LabelledCase("neu/neu_mobilenet_v1_1.00_224_fp32.onnx", DataSet.NEU, CENTRED, 0),
            new LabelledCase("neu/neu_mobilenet_v1_0.50_160_int8.onnx", DataSet.NEU, CENTRED, 0),
            new LabelledCase(
                    "cifar10/resnet20_cifar10.onnx", DataSet.CIFAR10, Normalization.Preset.IMAGENET.normalization(), 0),
            new LabelledCase(
                    "cifar10/resnet32_cifar10.onnx", DataSet.CIFAR10, Normalization.Preset.IMAGENET.normalization(), 0),
            new LabelledCase(
                    "cifar10/resnet56_cifar10.onnx",
                    DataSet.CIFAR10,
                    Normalization.Preset.IMAGENET.normalization(),
                    0));

    /** The model's file without its folder and ending. */
    String name() {
        return model.substring(model.lastIndexOf('/') + 1, model.lastIndexOf('.'));
    }

    /** The model, below the folder of data. */
    Path file(Path data) {
        return data.resolve("models").resolve(model);
    }

    /**
     * Pictures with the model's classes.
     *
     * @param limit most of them
     * @param scratch what has to be unpacked goes there
     */
    List<LabelledSet.Labelled> pictures(Path data, int limit, Path scratch) throws IOException {
        Path sets = data.resolve("datasets");
        List<LabelledSet.Labelled> labelled =
                switch (pictures) {
                    case IMAGENET -> LabelledSet.folder(sets.resolve("imagenet-sample-256"), "labels.tsv", limit);
                    case NEU -> LabelledSet.folder(sets.resolve("neu-surface-defects"), "labels_test.tsv", limit);
                    case CIFAR10 ->
                        LabelledSet.archive(
                                sets.resolve("cifar10-test-jpeg.zip"),
                                Files.createTempDirectory(scratch, "pictures"),
                                limit);
                };
        return labelled.stream()
                .map(picture -> new LabelledSet.Labelled(picture.picture(), picture.label() + classOffset))
                .toList();
    }

    /** What turns pictures into this input. */
    ImageInput input(TensorSpec spec) {
        return new ImageInput(
                spec,
                new ImageOptions(
                        ImageOptions.Resize.EXACT, OptionalInt.empty(), Optional.empty(), Optional.of(normalization)));
    }

    /** The classes that the unsplit model gives the pictures. */
    List<Integer> unsplit(Path data, ImageInput input, List<LabelledSet.Labelled> labelled) {
        try (UnsplitModel unsplit = UnsplitModel.open(file(data), 1)) {
            return labelled.stream()
                    .map(picture -> best(unsplit.run(named(input.read(picture.picture())))))
                    .toList();
        }
    }

    /** The classes that a cluster gives the pictures. */
    static List<Integer> served(ServedModel served, ImageInput input, List<LabelledSet.Labelled> labelled)
            throws TimeoutException, InterruptedException {
        int[] classes = new int[labelled.size()];
        var unused = new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, DEADLINE)
                .run(
                        labelled.size(),
                        index -> served.infer(
                                named(input.read(labelled.get(index).picture())), DEADLINE),
                        (index, outputs) -> classes[index] = best(outputs),
                        figures -> {});
        return Arrays.stream(classes).boxed().toList();
    }

    /** Of how many pictures the class is right. */
    static int correct(List<LabelledSet.Labelled> labelled, List<Integer> classes) {
        int correct = 0;
        for (int index = 0; index < classes.size(); index++) {
            correct += classes.get(index) == labelled.get(index).label() ? 1 : 0;
        }
        return correct;
    }

    /** How many pictures have the same class in both. */
    static int same(List<Integer> classes, List<Integer> others) {
        int same = 0;
        for (int index = 0; index < classes.size(); index++) {
            same += classes.get(index).equals(others.get(index)) ? 1 : 0;
        }
        return same;
    }

    static Map<String, TensorValue> named(TensorValue input) {
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
