package dev.tandem.harness.testbed;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The making of a bed by the thread that begins it. The end of the process stops it, and removes the bed only then: what is
 * made after the removal would stay. Closed by its thread when the bed is made, or what there was of it is removed.
 */
final class Making implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Making.class);

    /** For the tool or the measurement that is running. */
    private static final Duration STOPPING = Duration.ofSeconds(5);

    private final Thread maker = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable removal;
    private final Thread shutdownHook = new Thread(this::stop, "testbed-early-shutdown");
    private volatile boolean isStopped;

    private Making(Runnable removal) {
        this.removal = removal;
    }

    /** @param removal of all that is made; it may run on another thread, and more than once */
    static Making begin(Runnable removal) {
        Making making = new Making(removal);
        Runtime.getRuntime().addShutdownHook(making.shutdownHook);
        return making;
    }

    /**
     * To be asked before each step.
     *
     * @throws TestbedException when the process is ending
     */
    void requireGoingOn() {
        if (isStopped) {
            throw new TestbedException("the process is ending: the test bed is not made any further.");
        }
    }

    /** A member that is being started is waited for in vain until it is removed, and may join its groups after that. */
    private void stop() {
        isStopped = true;
        maker.interrupt();
        if (!hasEnded()) {
            removal.run();
            if (!hasEnded()) {
                LOG.warn("thread {} goes on making a test bed; the next start removes what it leaves", maker.getName());
            }
        }
        removal.run();
        removal.run();
    }

    private boolean hasEnded() {
        try {
            return ended.await(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending; its hook removes the bed");
        }
    }
}
