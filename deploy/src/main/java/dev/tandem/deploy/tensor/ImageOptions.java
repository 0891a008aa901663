package dev.tandem.deploy.tensor;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a picture becomes a model input; what is absent follows from the input.
 *
 * @param resize how the picture gets the input's size
 * @param shorterSide pixels that the shorter side is resized to before the middle is cut out; absent: the least that
 *     covers the input
 * @param layout axis order of the input; absent: told from where its 1 or 3 channels are
 * @param normalization absent: {@link Normalization.Preset#IMAGENET} for colour, {@link Normalization.Preset#UNIT} for
 *     grey and {@link Normalization.Preset#RAW} for inputs of bytes
 */
public record ImageOptions(
        Resize resize, OptionalInt shorterSide, Optional<Layout> layout, Optional<Normalization> normalization) {

    /** Stretch to the input's size, normalise as is usual. */
    public static final ImageOptions DEFAULTS =
            new ImageOptions(Resize.EXACT, OptionalInt.empty(), Optional.empty(), Optional.empty());

    /** How a picture gets the size of the input. */
    public enum Resize {
        /** Stretched to it, whatever the proportions. */
        EXACT,
        /** Resized until the shorter side fits, then the middle is cut out. */
        SHORTER,
        /** The middle is cut out as it is. */
        NONE
    }

    /** Axis order of a model input. */
    public enum Layout {
        NCHW,
        NHWC
    }
}
