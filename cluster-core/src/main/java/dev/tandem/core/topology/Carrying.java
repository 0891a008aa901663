package dev.tandem.core.topology;

/**
 * Processor time that requests take on a node beside computing, whatever thread takes it: copying, checksums, sockets, actors,
 * and the collection of garbage. One direction of a transfer is counted where it leaves, the other where it arrives; between
 * core groups of one node nothing is carried.
 *
 * @param secondsPerRequest at the gateway: taking a request, dealing it to a lane, answering
 * @param secondsPerFrame at either end of a transfer, of each frame or part of one, with the credit for it
 * @param secondsPerByte at either end of a transfer
 */
public record Carrying(double secondsPerRequest, double secondsPerFrame, double secondsPerByte) {

    /** Processors of their own, or costs that do not matter. */
    public static final Carrying NONE = new Carrying(0, 0, 0);

    public Carrying {
        require("secondsPerRequest", secondsPerRequest);
        require("secondsPerFrame", secondsPerFrame);
        require("secondsPerByte", secondsPerByte);
    }

    /** Of one end of a transfer. */
    public double seconds(long frames, long bytes) {
        return frames * secondsPerFrame + bytes * secondsPerByte;
    }

    private static void require(String name, double seconds) {
        if (!(seconds >= 0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(name + " (" + seconds + ") must be finite and at least 0");
        }
    }
}
