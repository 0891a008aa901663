package dev.tandem.actors.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A node's right to write into its data directory. Two nodes that share one would write the same pieces at the same time;
 * the system ends the right with the process, however it goes.
 */
final class DirectoryLock implements AutoCloseable {

    private static final String FILE = "node.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the directory, which is created when it is missing.
     *
     * @throws MemberStartException when another node has it, or it cannot be written
     */
    static DirectoryLock take(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new MemberStartException(
                        "data directory " + directory + " must belong to one node, and another one runs in it. Maybe"
                                + " give each node a directory of its own with --data or tandem.node.data-directory.",
                        null);
            }
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new MemberStartException("data directory " + directory + " cannot be used: " + e, e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a lock cannot be let go", e);
        }
    }
}
