package dev.tandem.deploy.wiring;

import dev.tandem.actors.client.ClusterSession;
import dev.tandem.actors.client.Deployment;
import dev.tandem.actors.client.SessionGateway;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.TandemSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a process serves as its settings list it: withdraws models that are listed no more, serves those that are new, and
 * replaces those of which anything has changed. What fails leaves its model as it was, and the others go on; the log and the
 * cluster's status say why.
 *
 * <p>Thread-safe. All of it is done on one thread of its own, one model after the other; while a list is being followed a
 * newer one takes its place after the model at hand. Each model has a gateway of its own, so that no change disturbs another.
 */
public final class ListedModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ListedModels.class);

    /** Hears what has become of models, on the thread that does it. */
    public interface Listener {

        /** Requests are taken for it from now on, by this plan. */
        void serves(Deployment deployment);

        /** Requests are taken for it no more. */
        void hasWithdrawn(String model);

        /** It stays as it was, which may be that it is not served. */
        void hasFailed(String model, Exception failure);
    }

    /** A listed model. */
    private static final class Entry {
        private final SessionGateway gateway;
        private boolean isServed;
        /** What it was when it was served; null where nothing is, or what is is not certain. */
        private @Nullable ListedModel served;

        Entry(SessionGateway gateway) {
            this.gateway = gateway;
        }
    }

    private final ClusterSession session;
    private final Listener listener;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "models");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** @param session that admits clients; it is not closed with this */
    public ListedModels(ClusterSession session, Listener listener) {
        this.session = session;
        this.listener = listener;
    }

    /**
     * Brings what is served in line with the settings of the session's member as they are by then; files that they name are
     * read again, too.
     *
     * @return completes when that is done, as far as it can be, or newer settings have come
     */
    public CompletableFuture<Void> follow() {
        try {
            return CompletableFuture.runAsync(this::change, thread).whenComplete(ListedModels::logIfFailed);
        } catch (RejectedExecutionException e) {
            LOG.debug("the process is ending", e);
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void logIfFailed(@Nullable Void done, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("the models that the settings list are not followed to the end", failure);
        }
    }

    private void change() {
        TandemSettings settings = session.settings().current();
        List<ModelSettings> listed = settings.gateway().models();
        Set<String> names = listed.stream().map(ModelSettings::name).collect(Collectors.toSet());
        try {
            for (String name : List.copyOf(entries.keySet())) {
                if (!names.contains(name) && isNewest(settings)) {
                    withdraw(name);
                }
            }
            for (ModelSettings model : listed) {
                if (isNewest(settings)) {
                    serve(model, settings);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the process is ending", e);
        }
    }

    private boolean isNewest(TandemSettings settings) {
        return settings.equals(session.settings().current());
    }

    private void withdraw(String name) throws InterruptedException {
        Entry gone = entries.remove(name);
        if (gone == null) {
            return;
        }
        try {
            session.close(gone.gateway);
        } catch (RuntimeException e) {
            LOG.error("model '{}' was not withdrawn as it should be", name, e);
        }
        if (gone.isServed) {
            listener.hasWithdrawn(name);
        }
    }

    private void serve(ModelSettings listed, TandemSettings settings) throws InterruptedException {
        Entry entry = entries.computeIfAbsent(listed.name(), name -> new Entry(session.openGateway()));
        try {
            ListedModel now = ListedModel.read(listed, settings);
            if (entry.served == null || !entry.served.isLike(now)) {
                listener.serves(deploy(entry, now));
            }
            entry.gateway.problem("");
        } catch (IOException | TimeoutException | RuntimeException e) {
            fail(entry, listed.name(), e);
        }
    }

    private Deployment deploy(Entry entry, ListedModel model) throws TimeoutException, InterruptedException {
        OfferedModel offered = model.offered();
        try {
            Deployment deployment =
                    entry.gateway.deploy(offered.model(), offered.profile(), model.order(), session.patience());
            entry.isServed = true;
            entry.served = model;
            return deployment;
        } catch (TimeoutException e) {
            entry.served = null;
            throw e;
        }
    }

    private void fail(Entry entry, String name, Exception failure) {
        String reason = failure instanceof IOException || failure.getMessage() == null
                ? failure.toString()
                : failure.getMessage();
        String problem =
                "model '" + name + "' " + (entry.isServed ? "stays as it was" : "is not served") + ": " + reason;
        LOG.error("{}", problem);
        entry.gateway.problem(problem);
        listener.hasFailed(name, failure);
    }

    /** Changes nothing more; what is served stays until the session is closed. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
