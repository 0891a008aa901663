package dev.tandem.inference.onnx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One writer at a time in a directory, among threads and processes. The lock is a file in it that stays: deleting it would
 * let two processes hold two locks of one name. The operating system frees the lock of a process that ends.
 */
final class FolderLock {
    /** Not the name by which owners of a scratch directory lock the whole of it. */
    private static final String FILE_NAME = ".fold.lock";

    /** A file lock belongs to the whole process, so that its threads take turns here first. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private FolderLock() {}

    /** Makes the directory if need be and runs the action in it, waiting for whoever holds the lock. */
    static <T> T within(Path directory, Action<T> action) throws IOException {
        THREADS.lock();
        try (FileChannel channel = open(Files.createDirectories(directory));
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            return action.run();
        } finally {
            THREADS.unlock();
        }
    }

    private static FileChannel open(Path directory) throws IOException {
        return FileChannel.open(directory.resolve(FILE_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** What is done under the lock. */
    interface Action<T> {
        T run() throws IOException;
    }
}
