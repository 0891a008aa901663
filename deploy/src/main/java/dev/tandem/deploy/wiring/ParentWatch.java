package dev.tandem.deploy.wiring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the process that started this one is gone, however it went: the operating system closes its end of this
 * one's standard input.
 */
public final class ParentWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);
    /** Time to leave in order; then the process ends whatever still hangs. */
    private static final long LAST_RESORT_MILLIS = 10_000;

    private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

    private ParentWatch() {}

    /**
     * Starts watching.
     *
     * @param enabled false: the parent is never gone, and standard input is left alone
     */
    public static ParentWatch create(boolean enabled) {
        ParentWatch watch = new ParentWatch();
        if (enabled) {
            Thread reader = new Thread(() -> watch.read(System.in), "parent-watch");
            reader.setDaemon(true);
            reader.start();
        }
        return watch;
    }

    /** What to do when the parent is gone, at once when it is gone already. A start under way is not waited for. */
    public void onGone(Runnable action) {
        var unused = gone.thenAccept(isGone -> {
            if (isGone) {
                action.run();
            }
        });
    }

    /** From now on nothing is done any more. */
    @Override
    public void close() {
        gone.complete(false);
    }

    void read(InputStream input) {
        try {
            // Whatever is typed has no meaning here.
            input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.debug("standard input broke, which is an end too", e);
        }
        startLastResort();
        gone.complete(true);
    }

    /** A node that still joins, or that cannot leave, must not outlive its parent either. */
    private void startLastResort() {
        Thread thread = new Thread(this::endProcess, "parent-watch-last-resort");
        thread.setDaemon(true);
        thread.start();
    }

    private void endProcess() {
        try {
            Thread.sleep(LAST_RESORT_MILLIS);
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
