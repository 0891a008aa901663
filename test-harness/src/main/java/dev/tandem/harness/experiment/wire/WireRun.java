package dev.tandem.harness.experiment.wire;

import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.testbed.LinkShape;
import dev.tandem.harness.testbed.LinkedNamespaces;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Two member processes in two linked namespaces, and what they are made to do: move bytes from the first to the second, as
 * pieces of tensors or over a plain socket. Owns the namespaces and the processes. Threading: one thread at a time.
 */
public final class WireRun implements AutoCloseable {

    private final LinkedNamespaces link;
    private final ScratchDirectory scratch;
    private final EndProcess receiver;
    private final EndProcess sender;
    private final Interval interval;
    private long epoch;

    /**
     * What one measurement gave.
     *
     * @param bytesPerSecond payload that arrived
     * @param cpuSecondsPerGigabyte processor time of both processes, user and system, per 1e9 bytes of payload
     */
    public record Sample(double bytesPerSecond, double cpuSecondsPerGigabyte) {}

    private WireRun(
            LinkedNamespaces link,
            ScratchDirectory scratch,
            EndProcess receiver,
            EndProcess sender,
            Interval interval) {
        this.link = link;
        this.scratch = scratch;
        this.receiver = receiver;
        this.sender = sender;
        this.interval = interval;
    }

    /**
     * Makes the namespaces and starts both members.
     *
     * @param warmUp before each measurement
     * @param measured length of each measurement
     * @throws dev.tandem.harness.testbed.TestbedException when namespaces cannot be made
     * @throws IOException when a member does not start
     */
    public static WireRun start(Duration warmUp, Duration measured) throws IOException, InterruptedException {
        Interval interval = new Interval(warmUp, measured);
        LinkedNamespaces link = LinkedNamespaces.create();
        try {
            return start(link, interval);
        } catch (IOException | InterruptedException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    private static WireRun start(LinkedNamespaces link, Interval interval) throws IOException, InterruptedException {
        ScratchDirectory scratch = ScratchDirectory.create();
        String seed = link.second().address();
        EndProcess receiver = EndProcess.start("receiver", link.second(), List.of(seed), scratch.path());
        try {
            EndProcess sender = EndProcess.start(
                    "sender", link.first(), List.of(link.first().address(), seed), scratch.path());
            return new WireRun(link, scratch, receiver, sender, interval);
        } catch (IOException | InterruptedException | RuntimeException e) {
            receiver.close();
            scratch.close();
            throw e;
        }
    }

    /** Options that the processes run with. */
    public static List<String> javaOptions() {
        return EndProcess.javaOptions();
    }

    /** Makes the link that fast from now on. */
    public void shape(LinkShape shape) {
        link.shape(shape);
    }

    /** Sends pieces of that size through the members' connection. */
    public Sample frames(int pieceBytes) throws IOException, InterruptedException {
        epoch++;
        receiver.order(
                "receive-frames",
                epoch,
                pieceBytes,
                interval.warmUp().toMillis(),
                interval.measured().toMillis(),
                link.first().address());
        return sample(
                "send-frames",
                epoch,
                pieceBytes,
                interval.whole().toMillis(),
                link.second().address());
    }

    /** Sends over a plain socket. */
    public Sample plain() throws IOException, InterruptedException {
        String port = receiver.order(
                "receive-plain",
                interval.warmUp().toMillis(),
                interval.measured().toMillis());
        return sample(
                "send-plain", port, interval.whole().toMillis(), link.second().address());
    }

    private Sample sample(Object... sending) throws IOException, InterruptedException {
        double before = cpuSeconds();
        double bytes = Double.parseDouble(sender.order(sending));
        double cpuSeconds = cpuSeconds() - before;
        double bytesPerSecond = Double.parseDouble(receiver.order("received"));
        return new Sample(bytesPerSecond, cpuSeconds / (bytes / 1e9));
    }

    private double cpuSeconds() throws IOException {
        return sender.cpuSeconds() + receiver.cpuSeconds();
    }

    /** Ends the processes and removes the namespaces. */
    @Override
    public void close() throws IOException {
        sender.close();
        receiver.close();
        link.close();
        scratch.close();
    }
}
