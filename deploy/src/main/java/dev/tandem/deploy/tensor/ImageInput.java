package dev.tandem.deploy.tensor;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.tensor.ImageOptions.Layout;
import dev.tandem.deploy.tensor.Normalization.ChannelOrder;
import dev.tandem.deploy.tensor.Normalization.Preset;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Turns pictures into one input of a model. Immutable and thread-safe. */
public final class ImageInput {

    private static final int COLOUR = 3;
    private static final int MAX_BYTE = 255;

    private final TensorSpec input;
    private final ImageOptions options;
    private final Layout layout;
    private final Normalization normalization;

    /**
     * @throws IllegalArgumentException if the input is not one picture: a feature map of batch 1 with 1 or 3 channels and
     *     elements of a type that samples convert to
     */
    public ImageInput(TensorSpec input, ImageOptions options) {
        this.input = input;
        this.options = options;
        this.layout = layout(input, options);
        requireOnePicture();
        this.normalization = options.normalization().orElseGet(this::usualNormalization);
    }

    /**
     * Reads a picture as the input's tensor.
     *
     * @throws TensorFileException if the file is no picture, or too small to cut the input out of it
     */
    public TensorValue read(Path file) {
        return tensor(fitted(file, Picture.read(file)));
    }

    private TensorValue tensor(Picture picture) {
        TensorValue value = TensorValue.allocate(input);
        ByteBuffer content = value.buffer();
        int plane = width() * height();
        for (int channel = 0; channel < channels(); channel++) {
            float[] samples = picture.plane(source(channel));
            for (int at = 0; at < plane; at++) {
                int index = layout == Layout.NCHW ? channel * plane + at : at * channels() + channel;
                put(content, index, normalization.apply(channel, samples[at]));
            }
        }
        return value;
    }

    private void put(ByteBuffer content, int index, float sample) {
        switch (input.type()) {
            case FLOAT -> content.putFloat(index * Float.BYTES, sample);
            case DOUBLE -> content.putDouble(index * Double.BYTES, sample);
            case FLOAT16 -> content.putShort(index * Short.BYTES, Fp16Conversions.floatToFp16(sample));
            case UINT8 -> content.put(index, (byte) Math.max(0, Math.min(MAX_BYTE, Math.round(sample))));
            default -> throw new IllegalStateException("element type " + input.type());
        }
    }

    private Picture fitted(Path file, Picture decoded) {
        Picture picture = decoded.withChannels(channels());
        return switch (options.resize()) {
            case EXACT -> picture.resized(width(), height());
            case SHORTER -> cropped(file, shorterResized(picture));
            case NONE -> cropped(file, picture);
        };
    }

    private Picture shorterResized(Picture picture) {
        double least = Math.max((double) width() / picture.width(), (double) height() / picture.height());
        double factor = options.shorterSide().isPresent()
                ? (double) options.shorterSide().getAsInt() / Math.min(picture.width(), picture.height())
                : least;
        return picture.resized((int) Math.max(1, Math.round(picture.width() * factor)), (int)
                Math.max(1, Math.round(picture.height() * factor)));
    }

    private Picture cropped(Path file, Picture picture) {
        if (picture.width() < width() || picture.height() < height()) {
            throw new TensorFileException(
                    file,
                    "picture of " + picture.width() + "x" + picture.height() + " must be at least " + width() + "x"
                            + height() + " to cut the input out of it. Maybe use --resize exact.");
        }
        return picture.cropped(width(), height());
    }

    private int source(int channel) {
        return normalization.order() == ChannelOrder.BGR && channels() == COLOUR ? COLOUR - 1 - channel : channel;
    }

    private Normalization usualNormalization() {
        if (input.type() == ElementType.UINT8) {
            return Preset.RAW.normalization();
        }
        return (channels() == COLOUR ? Preset.IMAGENET : Preset.UNIT).normalization();
    }

    private int channels() {
        return input.shape().get(layout == Layout.NCHW ? 1 : 3);
    }

    private int height() {
        return input.shape().get(layout == Layout.NCHW ? 2 : 1);
    }

    private int width() {
        return input.shape().get(layout == Layout.NCHW ? 3 : 2);
    }

    private void requireOnePicture() {
        boolean convertible = List.of(ElementType.FLOAT, ElementType.FLOAT16, ElementType.DOUBLE, ElementType.UINT8)
                .contains(input.type());
        if (input.shape().get(0) != 1 || (channels() != 1 && channels() != COLOUR) || !convertible) {
            throw notAPicture(input);
        }
        int extra = options.normalization()
                .map(chosen -> Math.max(chosen.mean().size(), chosen.scale().size()))
                .orElse(1);
        if (extra > 1 && channels() == 1) {
            throw new IllegalArgumentException("normalisation with three numbers does not suit input '" + input.name()
                    + "' of one channel. Maybe use --normalize unit, or one --mean and one --scale.");
        }
    }

    private static Layout layout(TensorSpec input, ImageOptions options) {
        if (input.rank() != 4) {
            throw notAPicture(input);
        }
        boolean channelsLast =
                isChannels(input.shape().get(3)) && !isChannels(input.shape().get(1));
        return options.layout().orElse(channelsLast ? Layout.NHWC : Layout.NCHW);
    }

    private static boolean isChannels(int extent) {
        return extent == 1 || extent == COLOUR;
    }

    private static IllegalArgumentException notAPicture(TensorSpec input) {
        return new IllegalArgumentException("input '" + input.name() + "' (" + input.type() + " " + input.shape()
                + ") must be one picture with 1 or 3 channels to be filled from an image. Maybe give it as --input "
                + input.name() + "=FILE.npy.");
    }
}
