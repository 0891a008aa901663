package dev.tandem.deploy.cli;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.tensor.ImageInput;
import dev.tandem.deploy.tensor.ImageOptions;
import dev.tandem.deploy.tensor.NpyFile;
import dev.tandem.deploy.tensor.TensorProtoFile;
import dev.tandem.deploy.tensor.TensorValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of the model: one sample per picture, or one sample of the given tensors. Pictures are read when they are
 * asked for, so that thousands need no memory.
 */
final class RunSamples {

    private final Map<String, TensorValue> tensors;
    private final List<Path> images;
    private final Optional<ImageInput> imageInput;

    private RunSamples(Map<String, TensorValue> tensors, List<Path> images, Optional<ImageInput> imageInput) {
        this.tensors = tensors;
        this.images = images;
        this.imageInput = imageInput;
    }

    /**
     * Checks all that can be checked before a cluster is started.
     *
     * @param inputs {@code NAME=FILE} each; the name may be left out where the model has one input
     * @throws CommandException if an input is missing, unknown, or of another type or shape than the model's
     */
    static RunSamples of(ModelGraph graph, List<Path> images, List<String> inputs, ImageOptions options) {
        Map<String, TensorValue> tensors = new LinkedHashMap<>();
        for (String text : inputs) {
            TensorValue value = tensor(graph, text);
            tensors.put(value.spec().name(), value);
        }
        List<TensorSpec> open = graph.inputs().stream()
                .filter(input -> !tensors.containsKey(input.name()))
                .toList();
        if (images.isEmpty()) {
            requireNone(open);
            return new RunSamples(tensors, images, Optional.empty());
        }
        images.forEach(RunSamples::requireFile);
        if (open.size() != 1) {
            throw CommandException.usage(
                    "pictures fill one input, but " + open.size() + " inputs have no --input: " + names(open) + ".");
        }
        return new RunSamples(tensors, images, Optional.of(new ImageInput(open.get(0), options)));
    }

    int size() {
        return imageInput.isPresent() ? images.size() : 1;
    }

    /** How the sample is called in results. */
    String name(int sample) {
        return imageInput.isPresent() ? images.get(sample).toString() : "input";
    }

    /** All inputs of the model by name. */
    Map<String, TensorValue> tensors(int sample) {
        if (imageInput.isEmpty()) {
            return tensors;
        }
        Map<String, TensorValue> all = new LinkedHashMap<>(tensors);
        TensorValue image = imageInput.get().read(images.get(sample));
        all.put(image.spec().name(), image);
        return all;
    }

    /** Given tensors that hold values which are no numbers. */
    List<String> notNumbers() {
        return tensors.values().stream()
                .filter(TensorValue::hasNan)
                .map(value -> value.spec().name())
                .toList();
    }

    private static TensorValue tensor(ModelGraph graph, String text) {
        int equals = text.indexOf('=');
        if (equals < 0 && graph.inputs().size() > 1) {
            throw CommandException.usage("--input " + text + " must be NAME=FILE, as the model has several inputs: "
                    + names(graph.inputs()) + ".");
        }
        String name = equals < 0 ? graph.inputs().get(0).name() : text.substring(0, equals);
        TensorSpec wanted = graph.inputs().stream()
                .filter(input -> input.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CommandException.usage(
                        "the model has no input '" + name + "'; its inputs are " + names(graph.inputs()) + "."));
        TensorValue value = read(Path.of(text.substring(equals + 1)), name);
        if (!value.spec().equals(wanted)) {
            throw CommandException.usage("input '" + name + "' of " + text.substring(equals + 1) + " is "
                    + describe(value.spec()) + " but must be " + describe(wanted) + ".");
        }
        return value;
    }

    private static TensorValue read(Path file, String name) {
        String lower = file.toString().toLowerCase(Locale.ROOT);
        if (lower.endsWith(".npy")) {
            return NpyFile.read(file, name);
        }
        if (lower.endsWith(".pb")) {
            return TensorProtoFile.read(file).named(name);
        }
        throw CommandException.usage("tensor file " + file + " must end in .npy or .pb.");
    }

    private static void requireNone(List<TensorSpec> open) {
        if (!open.isEmpty()) {
            throw CommandException.usage(
                    "nothing is given for input " + names(open) + ". Maybe name pictures, or --input NAME=FILE.npy.");
        }
    }

    private static void requireFile(Path image) {
        if (!Files.isRegularFile(image)) {
            throw CommandException.usage("picture " + image + ": no such file.");
        }
    }

    private static String names(List<TensorSpec> specs) {
        return String.join(
                ", ",
                specs.stream().map(spec -> spec.name() + " " + describe(spec)).toList());
    }

    private static String describe(TensorSpec spec) {
        return spec.type() + " " + spec.shape();
    }
}
