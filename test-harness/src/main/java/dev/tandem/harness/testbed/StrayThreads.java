package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes threads out of the control groups of core groups that are none of theirs: one that a pool starts while a computing
 * thread hands it something inherits the group, and would carry data at the core group's share. They are told by their names.
 * Owns a thread until close.
 */
final class StrayThreads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StrayThreads.class);
    private static final long INTERVAL_MILLIS = 200;
    private static final String NAME_PREFIX = "group-";

    private final ControlGroupTree tree;
    private final List<Calibrator.Target> targets;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "stray-threads");
        made.setDaemon(true);
        return made;
    });

    StrayThreads(ControlGroupTree tree, List<Calibrator.Target> targets) {
        this.tree = tree;
        this.targets = List.copyOf(targets);
        var unused =
                thread.scheduleWithFixedDelay(this::returnAll, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void returnAll() {
        for (Calibrator.Target target : targets) {
            try {
                returnFrom(target);
            } catch (TestbedException e) {
                LOG.debug("threads of {} cannot be looked at: {}", target.name(), e.getMessage());
            }
        }
    }

    private void returnFrom(Calibrator.Target target) {
        String name = NAME_PREFIX + target.group().name();
        for (long id : tree.threads(target.nodeName(), target.name())) {
            if (!nameOf(id, name).equals(name)) {
                tree.release(target.nodeName(), id);
            }
        }
    }

    /** A thread that has just ended is none to be moved. */
    private static String nameOf(long thread, String otherwise) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(thread), "comm"))
                    .strip();
        } catch (IOException gone) {
            return otherwise;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
