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

    /**
     * Where nothing was measured: two members on a shared virtual x64 machine of two CPUs, MobileNetV1 and V2 whole, in a
     * pipeline, in rows and in lanes. Processor time of the gateway's member beside computing, less an idle member's and that
     * of requests whose frames stay inside, fitted to frames and bytes of 60 half seconds, most of which are within a fifth.
     */
    public static final Carrying PRESET = new Carrying(150e-6, 220e-6, 1.5e-9);

    public Carrying {
        require("secondsPerRequest", secondsPerRequest);
        require("secondsPerFrame", secondsPerFrame);
        require("secondsPerByte", secondsPerByte);
    }

    /** Of one end of a transfer. */
    public double seconds(long frames, double bytes) {
        return frames * secondsPerFrame + bytes * secondsPerByte;
    }

    /** So many times as much of everything. */
    public Carrying times(double factor) {
        return new Carrying(factor * secondsPerRequest, factor * secondsPerFrame, factor * secondsPerByte);
    }

    private static void require(String name, double seconds) {
        if (!(seconds >= 0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(name + " (" + seconds + ") must be finite and at least 0");
        }
    }
}
