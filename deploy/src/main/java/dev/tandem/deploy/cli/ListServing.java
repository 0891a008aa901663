package dev.tandem.deploy.cli;

import dev.tandem.actors.client.ClusterSession;
import dev.tandem.actors.client.Deployment;
import dev.tandem.config.ListedFiles;
import dev.tandem.config.LiveSettings;
import dev.tandem.config.LoadedSettings;
import dev.tandem.deploy.wiring.ListedModels;
import dev.tandem.deploy.wiring.RunningCluster;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Serves the models that settings list, and follows the list: the part of {@code serve} that is about many models. */
final class ListServing implements ListedModels.Listener, AutoCloseable {

    private final ServeReport report;
    private final ClusterSession session;
    private final ListedModels models;
    private final Set<String> serving = new HashSet<>();
    private @Nullable Exception failure;

    /** @param session that admits clients; it is not closed with this */
    ListServing(ServeReport report, ClusterSession session) {
        this.report = report;
        this.session = session;
        this.models = new ListedModels(session, this);
    }

    /**
     * Refuses settings that list no model, or files that cannot be read.
     *
     * @throws CommandException when they list none
     * @throws dev.tandem.config.SettingsException with all files that cannot be read, and all else that is wrong
     */
    static void check(Optional<Path> settings) {
        if (settings.isEmpty()) {
            throw CommandException.usage(
                    "give a MODEL to serve, or --cluster FILE whose tandem.gateway.models lists models.");
        }
        LoadedSettings loaded = RunningCluster.settings(settings);
        if (loaded.settings().gateway().models().isEmpty()) {
            throw CommandException.usage("there is no model to serve: give a MODEL, or list models in " + settings.get()
                    + ", such as tandem.gateway.models = [ { file = mobilenet.onnx } ].");
        }
        ListedFiles.require(loaded);
    }

    /**
     * Serves what is listed now, and follows the list until this is closed.
     *
     * @throws RuntimeException when none of the models can be served, and no other list has come: why the last one cannot
     */
    void start() {
        LiveSettings settings = session.settings();
        settings.require(
                read -> ListedFiles.missing(read, settings.current().gateway().models()));
        settings.onReload(changed -> {
            var unused = models.follow();
        });
        if (models.follow().join()) {
            requireAny();
        }
    }

    private synchronized void requireAny() {
        if (serving.isEmpty() && failure != null) {
            throw failure instanceof RuntimeException unchecked ? unchecked : new CompletionException(failure);
        }
    }

    @Override
    public synchronized void serves(Deployment deployment) {
        serving.add(deployment.graph().name());
        report.serves(deployment.plan(), deployment.graph(), session.name());
    }

    @Override
    public synchronized void hasWithdrawn(String model) {
        serving.remove(model);
        report.withdrawn(model, session.name());
    }

    @Override
    public synchronized void hasFailed(String model, Exception reason) {
        failure = reason;
        report.failed(model, session.name(), Failures.message(reason));
    }

    /** Changes nothing more; what is served stays until the session is closed. */
    @Override
    public void close() {
        models.close();
    }
}
