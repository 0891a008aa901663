package dev.tandem.deploy.wiring;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that goes with its owner: removed at close, and, should the owner be killed, by the next one that makes
 * such a directory. A locked file inside tells a living owner from a dead one, as the operating system gives up the
 * locks of a dead process.
 */
public final class ScratchDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectory.class);
    private static final String PREFIX = "tandem-scratch-";
    private static final String LOCK_NAME = ".lock";
    /** A younger directory may belong to an owner who has not yet come to lock it. */
    private static final Duration MIN_AGE = Duration.ofMinutes(1);

    /**
     * Locks of this process, by the absolute paths of their directories. The operating system gives up all locks of a
     * process on a file when the process closes any channel to it, so these must not even be opened to be asked.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lockFile;
    private final Thread shutdownHook = new Thread(this::closeAtExit, "scratch-directory-shutdown");

    private ScratchDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Makes a new directory where Java keeps temporary files, and removes those whose owners have died. It goes at the end
     * of the process, too, if that comes before close, as after Ctrl-C.
     */
    public static ScratchDirectory create() throws IOException {
        ScratchDirectory scratch = createUnhooked();
        Runtime.getRuntime().addShutdownHook(scratch.shutdownHook);
        return scratch;
    }

    /** The same for an owner who closes at the end of the process himself. */
    static ScratchDirectory createUnhooked() throws IOException {
        return create(Path.of(System.getProperty("java.io.tmpdir")));
    }

    static ScratchDirectory create(Path parent) throws IOException {
        sweep(parent, MIN_AGE);
        Path path = Files.createTempDirectory(parent, PREFIX);
        OWN.add(path.toAbsolutePath());
        FileChannel lockFile =
                FileChannel.open(path.resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lockFile.tryLock() == null) {
            lockFile.close();
            throw new IOException("new directory " + path + " is locked by another process");
        }
        return new ScratchDirectory(path, lockFile);
    }

    /** Removes directories of dead owners that are older than {@code minAge}. */
    static void sweep(Path parent, Duration minAge) throws IOException {
        Instant latest = Instant.now().minus(minAge);
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path candidate : candidates) {
                if (isAbandoned(candidate, latest)) {
                    deleteIfPossible(candidate);
                }
            }
        }
    }

    /** One directory that cannot be removed is no reason not to make another. */
    private static void deleteIfPossible(Path candidate) {
        try {
            delete(candidate);
        } catch (IOException e) {
            LOG.debug("{} of a process that has died cannot be removed", candidate, e);
        }
    }

    public Path path() {
        return path;
    }

    /** Removes the directory with all that is in it; later calls have no effect. */
    @Override
    public void close() throws IOException {
        removeHook();
        try {
            delete(path);
        } finally {
            lockFile.close();
            OWN.remove(path.toAbsolutePath());
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending; its hook may remove {} as well, which does no harm", path);
        }
    }

    private void closeAtExit() {
        try {
            delete(path);
        } catch (IOException e) {
            LOG.debug("{} stays for the next process to remove", path, e);
        }
    }

    private static boolean isAbandoned(Path candidate, Instant latest) {
        if (OWN.contains(candidate.toAbsolutePath())) {
            return false;
        }
        Path lock = candidate.resolve(LOCK_NAME);
        try {
            if (!Files.isRegularFile(lock)
                    || Files.getLastModifiedTime(lock).toInstant().isAfter(latest)) {
                return false;
            }
            return isUnlocked(lock);
        } catch (IOException e) {
            // Another user's directory, or one that vanished: not ours to remove.
            return false;
        }
    }

    private static boolean isUnlocked(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held != null;
        } catch (OverlappingFileLockException e) {
            // This very process owns it.
            return false;
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            Files.walkFileTree(directory, new Deleter(directory));
        }
    }

    /**
     * Takes what is gone already for deleted: a member that ends may tidy up at the same time. The lock goes last: without
     * it the next process would not know what an interrupted removal has left.
     */
    private static final class Deleter extends SimpleFileVisitor<Path> {

        private final Path root;
        private final Path lock;

        Deleter(Path root) {
            this.root = root;
            this.lock = root.resolve(LOCK_NAME);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!file.equals(lock)) {
                Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (directory.equals(root)) {
                Files.deleteIfExists(lock);
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
