package dev.tandem.harness.testbed;

/**
 * How fast a link carries data, the same in both directions.
 *
 * @param bitsPerSecond on the wire, headers included; 0: as fast as the machine can
 */
public record LinkShape(long bitsPerSecond) {

    /** As fast as the machine can. */
    public static final LinkShape UNSHAPED = new LinkShape(0);

    /**
     * What may be sent at once, after a rest: 1 ms at the link's rate, since what is sent so is not slowed, and enough for the
     * kernel to keep up with fast links.
     */
    private static final double BURST_SECONDS = 0.001;

    private static final int MOST_PACKET_BYTES = 65536;

    /** Filters count those of all packets that a large one would become. */
    private static final int ROOM_FOR_HEADERS = 1024;

    private static final long LEAST_BURST_BYTES = 16 * 1024;
    private static final long MOST_BURST_BYTES = 128 * 1024;

    /** Queue before the filter: 20 ms at the link's rate, as a switch has, but never less than two large packets. */
    private static final double QUEUE_SECONDS = 0.02;

    private static final long LEAST_QUEUE_BYTES = 2 * MOST_BURST_BYTES;
    private static final double BITS_PER_BYTE = 8;

    public LinkShape {
        if (bitsPerSecond < 0) {
            throw new IllegalArgumentException("bitsPerSecond (" + bitsPerSecond + ") must not be negative");
        }
    }

    /** A link of so many million bits per second. */
    public static LinkShape megabits(int megabitsPerSecond) {
        if (megabitsPerSecond <= 0) {
            throw new IllegalArgumentException("megabitsPerSecond (" + megabitsPerSecond + ") must be above 0");
        }
        return new LinkShape(megabitsPerSecond * 1_000_000L);
    }

    public boolean isShaped() {
        return bitsPerSecond > 0;
    }

    /** The token bucket filter of tc(8); only of a shaped link. */
    String[] filter() {
        double bytesPerSecond = bitsPerSecond / BITS_PER_BYTE;
        long queueBytes = Math.max(LEAST_QUEUE_BYTES, (long) (bytesPerSecond * QUEUE_SECONDS));
        return new String[] {
            "tbf",
            "rate",
            bitsPerSecond + "bit",
            "burst",
            Long.toString(burstBytes()),
            "limit",
            Long.toString(queueBytes)
        };
    }

    /**
     * The largest packet that senders are to hand to the network, which on a real one would be cut up by the card and put
     * together by the other card. What is larger than the burst is cut up by the filter, and wakes its receiver for each
     * 1,500 bytes.
     */
    int largestPacketBytes() {
        return isShaped() ? (int) Math.min(MOST_PACKET_BYTES, burstBytes() - ROOM_FOR_HEADERS) : MOST_PACKET_BYTES;
    }

    private long burstBytes() {
        long burst = (long) (bitsPerSecond / BITS_PER_BYTE * BURST_SECONDS);
        return Math.min(MOST_BURST_BYTES, Math.max(LEAST_BURST_BYTES, burst));
    }

    @Override
    public String toString() {
        return isShaped() ? bitsPerSecond / 1_000_000 + " Mbit/s" : "unshaped";
    }
}
