package dev.tandem.deploy.wiring;

import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members of one cluster as processes of this machine, on loopback. Ports are free ones that the members choose.
 *
 * <p>Nothing of it outlives {@link #close()}, nor the end of this process: on Ctrl-C a shutdown hook closes, and members
 * notice the death of a killed parent by the end of their standard input.
 */
public final class LocalCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
    private static final Duration START_DEADLINE = Duration.ofMinutes(1);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);
    private static final Duration KILL_WAIT = Duration.ofSeconds(5);
    private static final ConfigRenderOptions SETTINGS_TEXT =
            ConfigRenderOptions.concise().setFormatted(true);

    private final ScratchDirectory scratch;
    private final MemberProgram program;
    private final Duration startDeadline;
    private final List<MemberProcess> members = new ArrayList<>();
    private final Thread shutdownHook = new Thread(this::closeQuietly, "local-cluster-shutdown");
    private String seed;
    private boolean isClosed;

    private LocalCluster(ScratchDirectory scratch, MemberProgram program, Duration startDeadline, String seed) {
        this.scratch = scratch;
        this.program = program;
        this.startDeadline = startDeadline;
        this.seed = seed;
    }

    /**
     * Starts a member per template and waits until all are up. The first is the seed that the others join.
     *
     * @throws LocalClusterException when a member does not come up; nothing is left running then
     */
    public static LocalCluster start(List<NodeTemplate> templates) {
        return start(templates, MemberProgram.TANDEM, START_DEADLINE, "");
    }

    /**
     * Starts a member per template, all of which join a cluster that is there, and waits until all are up.
     *
     * @param seed {@code host:port} of a member
     * @throws LocalClusterException when a member does not come up; nothing is left running then
     */
    static LocalCluster join(List<NodeTemplate> templates, String seed) {
        return start(templates, MemberProgram.TANDEM, START_DEADLINE, seed);
    }

    static LocalCluster start(List<NodeTemplate> templates, MemberProgram program, Duration startDeadline) {
        return start(templates, program, startDeadline, "");
    }

    private static LocalCluster start(
            List<NodeTemplate> templates, MemberProgram program, Duration startDeadline, String seed) {
        if (templates.isEmpty()) {
            throw new IllegalArgumentException("a local cluster must have at least one member.");
        }
        LocalCluster cluster;
        try {
            cluster = new LocalCluster(ScratchDirectory.createUnhooked(), program, startDeadline, seed);
        } catch (IOException e) {
            throw new LocalClusterException("no directory for the members' files can be made: " + e, e);
        }
        try {
            Runtime.getRuntime().addShutdownHook(cluster.shutdownHook);
            cluster.startMembers(templates);
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw new LocalClusterException("a member cannot be started: " + e, e);
        } catch (InterruptedException e) {
            // First of all: an interrupted thread waits for nothing.
            cluster.close();
            Thread.currentThread().interrupt();
            throw new LocalClusterException("the start of the members was interrupted.", e);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Where the cluster can be joined: {@code host:port}. */
    public String seed() {
        return seed;
    }

    /** A directory for files that shall go with the cluster. */
    public Path directory() {
        return scratch.path();
    }

    /** Number of members that were started. */
    public int size() {
        return members.size();
    }

    /** The processes of the members, in the order of the templates. */
    public List<ProcessHandle> processes() {
        return members.stream().map(MemberProcess::handle).toList();
    }

    /** Why a request may have failed: the first member that has died, with the end of its log. */
    public Optional<String> deadMember() {
        return members.stream()
                .filter(member -> !member.isAlive())
                .findFirst()
                .map(member -> "member " + member.name() + " has died." + member.logTail());
    }

    /** Stops all members, waits for their end and removes their files; later calls have no effect. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        removeHook();
        try {
            stopMembers();
        } catch (InterruptedException e) {
            members.forEach(MemberProcess::kill);
            Thread.currentThread().interrupt();
        } finally {
            removeFiles();
        }
    }

    private void startMembers(List<NodeTemplate> templates) throws IOException, InterruptedException {
        for (NodeTemplate template : templates) {
            startMember(template);
            if (seed.isEmpty()) {
                seed = hostAndPort(members.get(0).awaitAddress(startDeadline));
            }
        }
        for (MemberProcess member : List.copyOf(members)) {
            member.awaitAddress(startDeadline);
        }
    }

    /** Not after close: a shutdown hook may have run while the members were being started. */
    private synchronized void startMember(NodeTemplate template) throws IOException {
        if (isClosed) {
            throw new LocalClusterException("the start of the members was cut short.");
        }
        Path data = Files.createDirectory(scratch.path().resolve(template.name()));
        String settings = template.settings(data, seed).root().render(SETTINGS_TEXT);
        members.add(MemberProcess.start(program, template, scratch.path(), settings));
    }

    /** A member may name itself as {@code protocol://system@host:port}. */
    private static String hostAndPort(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    private void stopMembers() throws InterruptedException {
        members.forEach(MemberProcess::terminate);
        long deadline = System.nanoTime() + STOP_DEADLINE.toNanos();
        Optional<LocalClusterException> failure = Optional.empty();
        for (MemberProcess member : members) {
            try {
                member.awaitEnd(deadline, KILL_WAIT);
            } catch (LocalClusterException e) {
                // The others are to end all the same.
                failure = Optional.of(e);
            }
        }
        failure.ifPresent(e -> {
            throw e;
        });
    }

    private void removeFiles() {
        try {
            scratch.close();
        } catch (IOException e) {
            throw new UncheckedIOException("files of the members in " + scratch.path() + " cannot be removed", e);
        }
    }

    private void removeHook() {
        if (Thread.currentThread() != shutdownHook) {
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (IllegalStateException e) {
                LOG.debug("the process is ending: the hook finds the cluster closed and does nothing", e);
            }
        }
    }

    /** In the hook there is nobody to tell. */
    private void closeQuietly() {
        try {
            close();
        } catch (RuntimeException e) {
            System.err.println("tandem: " + e.getMessage());
        }
    }
}
