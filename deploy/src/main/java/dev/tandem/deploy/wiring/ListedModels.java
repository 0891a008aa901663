package dev.tandem.deploy.wiring;

import dev.tandem.actors.client.ClusterSession;
import dev.tandem.actors.client.Deployment;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.TandemSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a process serves as its settings list it: withdraws models that are listed no more, serves those that are new, and
 * replaces those of which anything has changed. What fails before the cluster is asked leaves its model as it was; later it may
 * be served or not, and is deployed again with the next reading. The others go on; the log and the cluster's status say why.
 *
 * <p>Thread-safe. All of it is done on one thread of its own, one model after the other; while a list is being followed a
 * newer one takes its place after the model at hand. Each model has a gateway of its own, so that no change disturbs another.
 */
public final class ListedModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ListedModels.class);

    /** For what does not heed that it is interrupted, such as a measurement. */
    private static final Duration ENDING = Duration.ofSeconds(2);

    /** Hears what has become of models, on the thread that does it. */
    public interface Listener {

        /** Requests are taken for it from now on, by this plan. */
        void serves(Deployment deployment);

        /** Requests are taken for it no more. */
        void hasWithdrawn(String model);

        /** It stays as it was, which may be that it is not served; or whether it is, is not certain. */
        void hasFailed(String model, Exception failure);
    }

    /** A listed model. */
    private static final class Entry {
        private ServingPlace.Gateway gateway;
        private boolean isServed;
        /** What it was when it was served; null where nothing is, or what is is not certain. */
        private @Nullable ListedModel served;

        Entry(ServingPlace.Gateway gateway) {
            this.gateway = gateway;
        }
    }

    private final ServingPlace place;
    private final Listener listener;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "models");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong asked = new AtomicLong();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private volatile boolean isClosed;

    /** @param session that admits clients; it is not closed with this */
    public ListedModels(ClusterSession session, Listener listener) {
        this(ServingPlace.of(session), listener);
    }

    ListedModels(ServingPlace place, Listener listener) {
        this.place = place;
        this.listener = listener;
    }

    /**
     * Brings what is served in line with the settings of the session's member as they are by then; files that they name are
     * read again, too.
     *
     * @return true when that is done, as far as it can be; false when it is to be done again, or this was closed
     */
    public CompletableFuture<Boolean> follow() {
        long number = asked.incrementAndGet();
        try {
            return CompletableFuture.supplyAsync(() -> change() && asked.get() == number, thread)
                    .whenComplete(ListedModels::logIfFailed);
        } catch (RejectedExecutionException e) {
            LOG.debug("the process is ending", e);
            return CompletableFuture.completedFuture(false);
        }
    }

    private static void logIfFailed(@Nullable Boolean done, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("the models that the settings list are not followed to the end", failure);
        }
    }

    /** Returns whether it came to the end of the list, and the list is still the newest. */
    private boolean change() {
        TandemSettings settings = place.settings();
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
            return isNewest(settings);
        } catch (InterruptedException e) {
            LOG.debug("the process is ending", e);
            return false;
        }
    }

    private boolean isNewest(TandemSettings settings) {
        return !isClosed && settings.equals(place.settings());
    }

    private void withdraw(String name) throws InterruptedException {
        Entry gone = entries.remove(name);
        if (gone == null) {
            return;
        }
        close(gone.gateway, name);
        if (gone.isServed) {
            listener.hasWithdrawn(name);
        }
    }

    private void close(ServingPlace.Gateway gateway, String name) throws InterruptedException {
        try {
            gateway.close();
        } catch (RuntimeException e) {
            LOG.error("model '{}' was not withdrawn as it should be", name, e);
        }
    }

    private void serve(ModelSettings listed, TandemSettings settings) throws InterruptedException {
        Entry before = entries.get(listed.name());
        if (before != null && before.gateway.hasEnded()) {
            LOG.warn("the gateway of model '{}' has ended; it gets another", listed.name());
            withdraw(listed.name());
        }
        requireOpen();
        Entry entry = entries.computeIfAbsent(listed.name(), name -> new Entry(place.open()));
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
        requireOpen();
        entry.served = null;
        try {
            Deployment deployment = entry.gateway.deploy(offered, model.order());
            entry.isServed = true;
            entry.served = model;
            return deployment;
        } catch (TimeoutException e) {
            startAnew(entry, model);
            throw e;
        }
    }

    /** What may yet be placed for a gateway that the process's port does not know could not be reached. */
    private void startAnew(Entry entry, ListedModel model) throws InterruptedException {
        if (!entry.isServed) {
            close(entry.gateway, model.settings().name());
            requireOpen();
            entry.gateway = place.open();
        }
    }

    private void requireOpen() throws InterruptedException {
        if (isClosed) {
            throw new InterruptedException("the list is followed no more");
        }
    }

    private void fail(Entry entry, String name, Exception failure) throws InterruptedException {
        requireOpen();
        String reason = failure instanceof IOException || failure.getMessage() == null
                ? failure.toString()
                : failure.getMessage();
        String problem = "model '" + name + "' " + state(entry) + ": " + reason;
        LOG.error("{}", problem);
        entry.gateway.problem(problem);
        listener.hasFailed(name, failure);
    }

    private static String state(Entry entry) {
        if (!entry.isServed) {
            return "is not served";
        }
        return entry.served == null ? "may not be served" : "stays as it was";
    }

    /** Changes nothing more; what is served stays until the session is closed. */
    @Override
    public void close() {
        isClosed = true;
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(ENDING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("the model at hand is left as it is");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
