package dev.tandem.deploy.wiring;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class archive (class-data sharing) that lets later starts map Tandem's classes rather than read, check and build
 * them. The launcher names the file in {@link #OPTION} where there is none yet for this build and this Java.
 *
 * <p>It is made by a member that nobody uses: it starts, another joins it, so that it has used what only a cluster of several
 * needs, it ends, and writes its classes then. The member that serves is not paused, as it would be if it wrote its own. Whatever goes wrong costs the archive and nothing else; under a kill a
 * partly written file stays, which has another name and is removed by the next one to try.
 *
 * <p>On a machine that has no room for two members more it is not made: the member that serves might be ended for it.
 */
public final class ClassArchive implements AutoCloseable {

    /** Names the file that is missing. */
    static final String OPTION = "-Dtandem.class-archive";

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
    private static final String MAPPED = "-XX:SharedArchiveFile=";
    private static final String PROPERTY = OPTION.substring("-D".length());
    private static final String PART = ".part";
    private static final String SIZE = ".size";
    private static final String LOCK_NAME = ".lock";
    /** Names are INSTALLATION-CONTENT.jsa: a new build replaces the archive of the old one. */
    private static final String NAME_SEPARATOR = "-";

    /** A node that has just started is measured, which nothing should disturb. */
    private static final long DELAY_MILLIS = 10_000;

    private static final String DELAY_PROPERTY = PROPERTY + "-delay-millis";

    /** The making yields to everyone else, so that it may take long. */
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private static final Duration KILL_WAIT = Duration.ofSeconds(5);

    private static final int MEMBERS = 2;

    /** Memory of the smallest machine that makes one, a board sold as one of 1 GB: two members more and one that serves. */
    private static final long LEAST_MACHINE_BYTES = 768L << 20;

    private final Path file;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread shutdownHook = new Thread(this::kill, "class-archive-shutdown");
    private final List<MemberProcess> processes = new ArrayList<>();
    private boolean isClosed;

    ClassArchive(Path file) {
        this.file = file;
    }

    /** Has the archive made in the background if the launcher found none; to be closed when this process ends. */
    public static Optional<ClassArchive> makeLater() {
        String missing = System.getProperty(PROPERTY, "");
        if (missing.isEmpty() || !hasRoom(totalMemoryBytes())) {
            return Optional.empty();
        }
        ClassArchive archive = new ClassArchive(Path.of(missing));
        Runtime.getRuntime().addShutdownHook(archive.shutdownHook);
        Thread maker = new Thread(archive::makeAfterDelay, "class-archive");
        maker.setDaemon(true);
        maker.start();
        return Optional.of(archive);
    }

    /**
     * The archive of this build and this Java, made now if there is none yet, which takes some 20 s; for whoever starts members
     * that are to be as they are from their second start on.
     *
     * @return the file, beside which lies its size in {@link #sizeFile}; empty when the launcher has named none, there is no
     *     room to make one, or making it has failed, as the log says
     */
    public static Optional<Path> makeNow() {
        Optional<Path> mapped = mappedHere();
        String missing = System.getProperty(PROPERTY, "");
        if (mapped.isPresent() || missing.isEmpty() || !hasRoom(totalMemoryBytes())) {
            return mapped;
        }
        try (ClassArchive archive = new ClassArchive(Path.of(missing))) {
            Runtime.getRuntime().addShutdownHook(archive.shutdownHook);
            archive.make();
            return archive.isComplete() ? Optional.of(archive.file) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("no class archive was made: {}", e.toString());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What the launcher has found, whole. */
    private static Optional<Path> mappedHere() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(MAPPED))
                .map(argument -> Path.of(argument.substring(MAPPED.length())))
                .findFirst();
    }

    /** The file beside an archive that holds its size, by which the launcher sees whether it is whole. */
    public static Path sizeFile(Path archive) {
        return archive.resolveSibling(archive.getFileName() + SIZE);
    }

    /** Whether a machine, or a container, with so much memory can make one beside its member. */
    static boolean hasRoom(long totalMemoryBytes) {
        return totalMemoryBytes >= LEAST_MACHINE_BYTES;
    }

    private static long totalMemoryBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    /** Makes the archive now, unless it is there or another process is at it. */
    void make() throws IOException, InterruptedException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
        Files.createDirectories(folder);
        try (FileChannel channel = FileChannel.open(
                        folder.resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null && !isComplete()) {
                makeLocked(folder);
            }
        }
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending; its hook does the same", e);
        }
    }

    private void makeAfterDelay() {
        try {
            if (!closed.await(Long.getLong(DELAY_PROPERTY, DELAY_MILLIS), TimeUnit.MILLISECONDS)) {
                make();
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("no class archive was made, so that the next start is no faster", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void makeLocked(Path folder) throws IOException, InterruptedException {
        remove(folder, "*" + PART);
        Path part = file.resolveSibling(file.getFileName() + PART);
        try (ScratchDirectory scratch = ScratchDirectory.createUnhooked()) {
            record(scratch.path(), part);
            removeOlder(folder);
            putInPlace(part, file);
            Path size = file.resolveSibling(file.getFileName() + SIZE + PART);
            Files.writeString(size, Files.size(file) + System.lineSeparator());
            putInPlace(size, sizeFile(file));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Whether the whole archive is there. Java dies on one that was cut off behind its header, as by a full disk or a loss of
     * power, so that the launcher checks the same.
     */
    private boolean isComplete() throws IOException {
        return Files.exists(file)
                && Files.exists(sizeFile(file))
                && Files.readString(sizeFile(file)).strip().equals(Long.toString(Files.size(file)));
    }

    /** On the disk before it has its name. */
    private static void putInPlace(Path part, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.READ)) {
            channel.force(true);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void record(Path directory, Path part) throws IOException, InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        List<NodeTemplate> templates = NodeTemplate.equal(MEMBERS, 1, 1L << 20, CpuShares.available());
        MemberProcess member = start(MemberProgram.archiving(part), templates.get(0), directory, "");
        try {
            join(templates.get(1), directory, member.awaitAddress(DEADLINE), end);
            member.terminate();
        } finally {
            member.awaitEnd(end, KILL_WAIT);
        }
    }

    private void join(NodeTemplate template, Path directory, String seed, long end)
            throws IOException, InterruptedException {
        MemberProcess other = start(MemberProgram.YIELDING, template, directory, seed);
        try {
            other.awaitAddress(DEADLINE);
            other.terminate();
        } finally {
            other.awaitEnd(end, KILL_WAIT);
        }
    }

    private synchronized MemberProcess start(MemberProgram program, NodeTemplate template, Path directory, String seed)
            throws IOException {
        if (isClosed) {
            throw new IOException("this process is ending");
        }
        Path data = Files.createDirectory(directory.resolve(template.name()));
        String settings = template.settings(data, seed).root().render();
        MemberProcess started = MemberProcess.start(program, template, directory, settings);
        processes.add(started);
        return started;
    }

    private synchronized void kill() {
        isClosed = true;
        closed.countDown();
        processes.forEach(MemberProcess::kill);
    }

    private void removeOlder(Path folder) throws IOException {
        String name = file.getFileName().toString();
        int separator = name.indexOf(NAME_SEPARATOR);
        if (separator > 0) {
            remove(folder, name.substring(0, separator) + NAME_SEPARATOR + "*.jsa{," + SIZE + "}");
        }
    }

    private static void remove(Path folder, String glob) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            for (Path old : found) {
                Files.deleteIfExists(old);
            }
        }
    }
}
