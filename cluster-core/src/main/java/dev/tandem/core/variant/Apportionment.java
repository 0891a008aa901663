package dev.tandem.core.variant;

import java.util.stream.LongStream;

/** Divides a batch among places by what an image takes at each of them. */
enum Apportionment {
    /** As many each; what is left goes to the first ones. */
    EVEN {
        @Override
        int[] divide(int images, long[] nanosPerImage) {
            int places = nanosPerImage.length;
            int[] shares = new int[places];
            for (int place = 0; place < places; place++) {
                shares[place] = images / places + (place < images % places ? 1 : 0);
            }
            return shares;
        }
    },
    /** In proportion to rates, what is left by the largest remainders. */
    PROPORTIONAL {
        @Override
        int[] divide(int images, long[] nanosPerImage) {
            double rates = LongStream.of(nanosPerImage)
                    .mapToDouble(nanos -> 1.0 / nanos)
                    .sum();
            int[] shares = new int[nanosPerImage.length];
            double[] remainders = new double[shares.length];
            int left = images;
            for (int place = 0; place < shares.length; place++) {
                double exact = images / (rates * nanosPerImage[place]);
                shares[place] = (int) exact;
                remainders[place] = exact - shares[place];
                left -= shares[place];
            }
            for (; left > 0; left--) {
                int largest = largest(remainders);
                shares[largest]++;
                remainders[largest]--;
            }
            return shares;
        }
    };

    abstract int[] divide(int images, long[] nanosPerImage);

    private static int largest(double[] values) {
        int largest = 0;
        for (int index = 1; index < values.length; index++) {
            largest = values[index] > values[largest] ? index : largest;
        }
        return largest;
    }
}
