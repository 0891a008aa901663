package dev.tandem.deploy.tensor;

import java.util.List;

/**
 * What becomes of a sample from 0 to 255: {@code (sample - mean) * scale}, per channel in the model's channel order.
 *
 * @param mean one number, or one per channel
 * @param scale one number, or one per channel
 * @param order the model's channel order
 */
public record Normalization(List<Double> mean, List<Double> scale, ChannelOrder order) {

    /** The order in which a model takes the channels of a colour picture. */
    public enum ChannelOrder {
        RGB,
        BGR
    }

    /** The usual ways, by name. */
    public enum Preset {
        /** RGB, 0 to 1, minus ImageNet's mean, divided by its standard deviation: most PyTorch models. */
        IMAGENET,
        /** RGB, 0 to 1. */
        UNIT,
        /** RGB, -1 to 1: most TensorFlow models. */
        SIGNED,
        /** RGB, 0 to 255. */
        RAW,
        /** BGR, 0 to 255, minus the mean of each channel: models that came from Caffe. */
        CAFFE;

        public Normalization normalization() {
            return switch (this) {
                case IMAGENET ->
                    new Normalization(
                            List.of(123.675, 116.28, 103.53),
                            List.of(1 / 58.395, 1 / 57.12, 1 / 57.375),
                            ChannelOrder.RGB);
                case UNIT -> new Normalization(List.of(0.0), List.of(1 / 255.0), ChannelOrder.RGB);
                case SIGNED -> new Normalization(List.of(127.5), List.of(1 / 127.5), ChannelOrder.RGB);
                case RAW -> new Normalization(List.of(0.0), List.of(1.0), ChannelOrder.RGB);
                case CAFFE -> new Normalization(List.of(104.0, 117.0, 123.0), List.of(1.0), ChannelOrder.BGR);
            };
        }
    }

    public Normalization {
        mean = List.copyOf(mean);
        scale = List.copyOf(scale);
        requireCount("mean", mean);
        requireCount("scale", scale);
    }

    /** The same of every colour, for a model that takes the channels in this order. */
    public Normalization in(ChannelOrder wanted) {
        return wanted == order ? this : new Normalization(reversed(mean), reversed(scale), wanted);
    }

    float apply(int channel, float sample) {
        return (float) ((sample - of(mean, channel)) * of(scale, channel));
    }

    private static List<Double> reversed(List<Double> values) {
        return values.size() == 1 ? values : List.of(values.get(2), values.get(1), values.get(0));
    }

    private static double of(List<Double> values, int channel) {
        return values.get(values.size() == 1 ? 0 : channel);
    }

    private static void requireCount(String name, List<Double> values) {
        if (values.size() != 1 && values.size() != 3) {
            throw new IllegalArgumentException(
                    name + " (" + values + ") must be one number, or three with commas between them.");
        }
    }
}
