package dev.tandem.deploy.tensor;

/**
 * Bilinear resizing with a support that grows with the reduction: a sample of the result is the mean of the samples
 * under a triangle as wide as two of its own pixels. Enlarging, it is plain bilinear interpolation with pixel centres
 * at half positions. Columns first, then rows.
 */
final class TriangleFilter {

    private TriangleFilter() {}

    static float[] resize(float[] plane, int width, int height, int newWidth, int newHeight) {
        float[] narrowed = new float[newWidth * height];
        for (int x = 0; x < newWidth; x++) {
            Taps taps = Taps.of(x, width, newWidth);
            for (int y = 0; y < height; y++) {
                narrowed[y * newWidth + x] = taps.apply(plane, y * width, 1);
            }
        }
        float[] resized = new float[newWidth * newHeight];
        for (int y = 0; y < newHeight; y++) {
            Taps taps = Taps.of(y, height, newHeight);
            for (int x = 0; x < newWidth; x++) {
                resized[y * newWidth + x] = taps.apply(narrowed, x, newWidth);
            }
        }
        return resized;
    }

    /** The samples of one line that one sample of the result is made of, with weights that add up to 1. */
    private static final class Taps {
        private final int first;
        private final float[] weights;

        private Taps(int first, float[] weights) {
            this.first = first;
            this.weights = weights;
        }

        static Taps of(int target, int extent, int newExtent) {
            double ratio = (double) extent / newExtent;
            double support = Math.max(1, ratio);
            double centre = (target + 0.5) * ratio;
            int first = Math.max(0, (int) Math.floor(centre - support));
            int end = Math.min(extent, (int) Math.ceil(centre + support));
            double[] shares = new double[end - first];
            double sum = 0;
            for (int tap = 0; tap < shares.length; tap++) {
                shares[tap] = Math.max(0, 1 - Math.abs(first + tap + 0.5 - centre) / support);
                sum += shares[tap];
            }
            float[] weights = new float[shares.length];
            for (int tap = 0; tap < shares.length; tap++) {
                weights[tap] = (float) (shares[tap] / sum);
            }
            return new Taps(first, weights);
        }

        float apply(float[] samples, int start, int step) {
            double sum = 0;
            for (int tap = 0; tap < weights.length; tap++) {
                sum += (double) weights[tap] * samples[start + (first + tap) * step];
            }
            return (float) sum;
        }
    }
}
