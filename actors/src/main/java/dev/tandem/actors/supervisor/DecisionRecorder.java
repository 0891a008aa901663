package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.ModelOffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes looks to a file, one after the other and off the actor's thread. A file that cannot be written is told of once. */
final class DecisionRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionRecorder.class);

    private final Path path;
    private final DecisionFile file;
    private final Executor executor;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private volatile boolean isBroken;

    /** @param executor for work that takes long */
    DecisionRecorder(Path path, Executor executor) {
        this.path = path;
        this.file = new DecisionFile(path);
        this.executor = executor;
    }

    /** Returns at once. */
    void record(ModelOffer offer, Look look) {
        Look.Subject subject = new Look.Subject(look.digest(), offer.graphJson(), offer.profile());
        last = last.handleAsync(
                (done, failure) -> {
                    write(subject, look);
                    return done;
                },
                executor);
    }

    private void write(Look.Subject subject, Look look) {
        try {
            file.add(subject, look);
            isBroken = false;
        } catch (IOException e) {
            if (!isBroken) {
                LOG.warn("decisions are not recorded: {} cannot be written: {}", path, e.toString());
            }
            isBroken = true;
        }
    }
}
