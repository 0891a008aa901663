package dev.tandem.harness.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what test beds have made, all of which has an {@link OwnedName}: processes in their namespaces and control groups,
 * namespaces with the links in them, control groups, folders. Nothing without such a name is looked at.
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration DEATH = Duration.ofSeconds(10);

    /** Processes may start others until they are gone themselves. */
    private static final int ROUNDS = 5;

    private Leftovers() {}

    /** Removes what processes that are gone have left behind. */
    static void sweep() {
        remove(OwnedName::isAbandoned);
    }

    /**
     * Removes what has a name that passes, on an interrupted thread too. What stays, with a warning, is found again at the
     * next start.
     */
    static void remove(Predicate<OwnedName> which) {
        boolean interrupted = Thread.interrupted();
        try {
            removeAll(which);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void removeAll(Predicate<OwnedName> which) {
        List<OwnedName> namespaces = Namespaces.owned().stream().filter(which).toList();
        Optional<ControlGroupTree> tree = ControlGroupTree.find();
        List<OwnedName> groups = tree.map(ControlGroupTree::existing).orElse(List.of()).stream()
                .filter(which)
                .toList();
        if (!namespaces.isEmpty() || !groups.isEmpty()) {
            end(() -> processes(namespaces, tree, groups));
        }
        namespaces.forEach(name -> Namespaces.delete(name.toString()));
        tree.ifPresent(present -> groups.forEach(name -> attempt(name, () -> present.remove(name))));
        BedFolders.owned().stream().filter(which).map(BedFolders::of).forEach(Leftovers::delete);
    }

    private static Set<Long> processes(
            List<OwnedName> namespaces, Optional<ControlGroupTree> tree, List<OwnedName> groups) {
        Set<Long> found = new LinkedHashSet<>();
        namespaces.forEach(name -> attempt(name, () -> found.addAll(Namespaces.processes(name.toString()))));
        tree.ifPresent(present -> groups.forEach(name -> attempt(name, () -> found.addAll(present.processes(name)))));
        found.remove(ProcessHandle.current().pid());
        return found;
    }

    /** Another process may be removing the same; one that fails must not keep the others from going. */
    private static void attempt(OwnedName name, Runnable step) {
        try {
            step.run();
        } catch (TestbedException e) {
            LOG.warn("{} of a test bed: {}", name, e.getMessage());
        }
    }

    /** What is found. */
    interface Processes {
        Set<Long> now();
    }

    /** Kills processes until no more are found. */
    static void end(Processes processes) {
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> running = new ArrayList<>();
            processes.now().forEach(pid -> ProcessHandle.of(pid).ifPresent(running::add));
            if (running.isEmpty()) {
                return;
            }
            running.forEach(ProcessHandle::destroyForcibly);
            running.forEach(Leftovers::await);
        }
        LOG.warn("processes {} of a test bed do not end", processes.now());
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(DEATH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("process {} of a test bed does not end: {}", process.pid(), e.toString());
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("folder {} stays: {}", folder, e.toString());
        }
    }
}
