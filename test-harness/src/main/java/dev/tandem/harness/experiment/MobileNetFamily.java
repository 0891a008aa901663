package dev.tandem.harness.experiment;

import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.tensor.ImageInput;
import dev.tandem.deploy.tensor.ImageOptions;
import dev.tandem.deploy.tensor.Normalization;
import dev.tandem.deploy.tensor.Normalization.ChannelOrder;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.UnsplitModel;
import dev.tandem.harness.experiment.LabelledSet.Labelled;
import dev.tandem.harness.experiment.batch.DeclaredAccuracy;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * MobileNetV1 of four widths and resolutions with real weights, and real pictures with the class that each shows.
 *
 * <p>Only of single precision: with int8 ONNX Runtime takes about as long on these machines and recognises as much.
 *
 * @param data folder with {@code models} and {@code datasets}
 */
record MobileNetFamily(Path data) {

    /** In the order of what they cost. */
    static final List<String> VARIANTS = List.of("0.25_128", "0.50_160", "0.75_192", "1.00_224");

    private static final String VARIABLE = "TANDEM_TEST_DATA";
    private static final String PICTURES = "datasets/imagenet-sample-256";
    private static final String LABELS = "labels.tsv";

    /** Class 0 of these models is none of the labels. */
    private static final int CLASS_OFFSET = 1;

    private static final Normalization CENTRED =
            new Normalization(List.of(128.0), List.of(1 / 128.0), ChannelOrder.RGB);

    /**
     * The family in a folder.
     *
     * @param data where none is given, what the environment has
     * @throws CommandException when there is no folder, or something is missing in it
     */
    static MobileNetFamily in(Optional<Path> data, String experiment) {
        Path folder = data.or(() -> Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of))
                .orElseThrow(() -> CommandException.usage(experiment + " is skipped: it needs real models and pictures."
                        + " Maybe give --data DIR, with the folders models and datasets, or set " + VARIABLE + "."));
        MobileNetFamily family = new MobileNetFamily(folder);
        family.requireAll(experiment);
        return family;
    }

    private void requireAll(String experiment) {
        List<Path> missing = Stream.concat(
                        VARIANTS.stream().map(this::file),
                        Stream.of(data.resolve(PICTURES).resolve(LABELS)))
                .filter(file -> !Files.exists(file))
                .toList();
        if (!missing.isEmpty()) {
            throw CommandException.usage(
                    experiment + " is skipped: there is no " + missing.get(0) + ". Maybe another --data DIR has it.");
        }
    }

    Path file(String variant) {
        return data.resolve("models/imagenet/mobilenet_v1_" + variant + "_fp32.onnx");
    }

    /** All pictures, or so many of them. */
    List<Labelled> pictures(int limit) throws IOException {
        return LabelledSet.folder(data.resolve(PICTURES), LABELS, limit);
    }

    /** Folds a variant in a folder; the package is in there. */
    ModelPackage fold(String variant, Path folder) {
        return ModelFolder.fold(file(variant), FoldOptions.DEFAULTS, folder.resolve(variant));
    }

    /** What turns pictures into this input of a variant. */
    static ImageInput input(TensorSpec spec) {
        return new ImageInput(
                spec,
                new ImageOptions(
                        ImageOptions.Resize.EXACT, OptionalInt.empty(), Optional.empty(), Optional.of(CENTRED)));
    }

    /** How many of these pictures a variant classifies correctly, on this machine and undivided. */
    DeclaredAccuracy declare(String variant, List<Labelled> pictures, long seed, Path scratch) {
        ImageInput input = input(fold(variant, scratch).graph().inputs().get(0));
        try (UnsplitModel model = UnsplitModel.open(file(variant), 1)) {
            long correct = pictures.stream()
                    .filter(picture -> isCorrect(picture, model.run(named(input.read(picture.picture())))))
                    .count();
            return new DeclaredAccuracy(variant, seed, pictures.size(), (int) correct);
        }
    }

    static Map<String, TensorValue> named(TensorValue input) {
        return Map.of(input.spec().name(), input);
    }

    /** Whether the highest score is that of the class that the picture shows. */
    static boolean isCorrect(Labelled picture, Map<String, TensorValue> outputs) {
        TensorValue scores = outputs.values().iterator().next();
        int best = 0;
        for (int index = 1; index < scores.size(); index++) {
            best = scores.element(index) > scores.element(best) ? index : best;
        }
        return best == picture.label() + CLASS_OFFSET;
    }
}
