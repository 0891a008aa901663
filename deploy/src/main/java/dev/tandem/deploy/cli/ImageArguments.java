package dev.tandem.deploy.cli;

import dev.tandem.deploy.tensor.ImageOptions;
import dev.tandem.deploy.tensor.ImageOptions.Layout;
import dev.tandem.deploy.tensor.ImageOptions.Resize;
import dev.tandem.deploy.tensor.Labels;
import dev.tandem.deploy.tensor.Normalization;
import dev.tandem.deploy.tensor.Normalization.ChannelOrder;
import dev.tandem.deploy.tensor.Normalization.Preset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How pictures become inputs, and outputs become words. */
final class ImageArguments {

    @Option(
            names = "--resize",
            paramLabel = "HOW",
            defaultValue = "exact",
            description = "exact: stretch to the input's size; shorter: fit the shorter side, cut out the middle; none:"
                    + " cut out the middle. Default: exact.")
    private Resize resize = Resize.EXACT;

    @Option(
            names = "--shorter-side",
            paramLabel = "PIXELS",
            description = "Length of the shorter side before the middle is cut out; implies --resize shorter.")
    private @Nullable Integer shorterSide;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            description = "nchw or nhwc. Default: told from where the input has its 1 or 3 channels.")
    private @Nullable Layout layout;

    @Option(
            names = "--normalize",
            paramLabel = "HOW",
            description = "imagenet: 0..1, minus mean, by deviation; unit: 0..1; signed: -1..1; raw: 0..255; caffe: BGR"
                    + " minus mean. Default: imagenet for colour, unit for grey, raw for inputs of bytes.")
    private @Nullable Preset normalize;

    @Option(
            names = "--mean",
            split = ",",
            paramLabel = "M[,M,M]",
            description = "Subtracted from samples of 0..255, in the model's channel order; with --scale.")
    private List<Double> mean = new ArrayList<>();

    @Option(
            names = "--scale",
            split = ",",
            paramLabel = "S[,S,S]",
            description = "Factor after the mean was subtracted.")
    private List<Double> scale = new ArrayList<>();

    @Option(names = "--bgr", description = "The model takes blue first.")
    private boolean bgr;

    @Option(names = "--labels", paramLabel = "FILE", description = "Names of the classes, one per line.")
    private @Nullable Path labels;

    @Option(
            names = "--label-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Class of the first name: 1 for models whose class 0 is the background. Default: 0.")
    private int labelOffset;

    ImageOptions options() {
        if (shorterSide != null && shorterSide < 1) {
            throw CommandException.usage("--shorter-side (" + shorterSide + ") must be at least 1.");
        }
        return new ImageOptions(
                shorterSide == null ? resize : Resize.SHORTER,
                shorterSide == null ? OptionalInt.empty() : OptionalInt.of(shorterSide),
                Optional.ofNullable(layout),
                normalization());
    }

    Labels labels() {
        return labels == null ? Labels.NONE : Labels.read(labels, labelOffset);
    }

    private Optional<Normalization> normalization() {
        boolean explicit = !mean.isEmpty() || !scale.isEmpty();
        if (explicit && normalize != null) {
            throw CommandException.usage("--normalize and --mean/--scale exclude each other.");
        }
        if (explicit) {
            return Optional.of(new Normalization(
                    mean.isEmpty() ? List.of(0.0) : mean, scale.isEmpty() ? List.of(1.0) : scale, order()));
        }
        if (normalize == null && bgr) {
            throw CommandException.usage("--bgr needs --normalize, or --mean and --scale.");
        }
        return Optional.ofNullable(normalize)
                .map(Preset::normalization)
                .map(chosen -> bgr ? chosen.in(ChannelOrder.BGR) : chosen);
    }

    private ChannelOrder order() {
        return bgr ? ChannelOrder.BGR : ChannelOrder.RGB;
    }
}
