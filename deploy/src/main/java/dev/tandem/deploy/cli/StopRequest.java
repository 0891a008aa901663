package dev.tandem.deploy.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this process was asked to stop, by a signal or by its parent: otherwise the end of its member is a failure. */
final class StopRequest implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

    private final AtomicBoolean asked = new AtomicBoolean();
    private final Thread shutdownHook = new Thread(this::ask, "stop-request");

    private StopRequest() {}

    /** Watches from now on for signals. */
    static StopRequest watch() {
        StopRequest request = new StopRequest();
        Runtime.getRuntime().addShutdownHook(request.shutdownHook);
        return request;
    }

    /** Someone else wants the process to stop. */
    void ask() {
        asked.set(true);
    }

    /** @throws CommandException if nobody asked for the end of the member */
    void requireAsked(String member) {
        if (!asked.get()) {
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR,
                    member
                            + " has left the cluster without being asked to: the others took it for lost, or it could not"
                            + " go on. Maybe start it again; with --verbose the log says more.");
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending, as it was asked to", e);
        }
    }
}
