package dev.tandem.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Tells when the content of a file has changed, however: written in place, replaced by a rename as editors do, or behind a
 * link that now points elsewhere. It listens to the whole folder and compares what the file holds. A file that is gone is
 * waited for.
 */
public final class FileWatch implements AutoCloseable {

    private final WatchService service;
    private final Path file;
    private final Duration quiet;
    private final Runnable onChange;
    private byte[] last;

    private FileWatch(WatchService service, Path file, Duration quiet, Runnable onChange) {
        this.service = service;
        this.file = file;
        this.quiet = quiet;
        this.onChange = onChange;
        this.last = content();
    }

    /**
     * Begins to watch.
     *
     * @param quiet time without another event in the folder before the file is looked at
     * @param onChange called by a thread of the watch
     * @throws IOException when the folder cannot be watched
     */
    public static FileWatch start(Path file, Duration quiet, Runnable onChange) throws IOException {
        Path absolute = file.toAbsolutePath();
        WatchService service = absolute.getFileSystem().newWatchService();
        try {
            absolute.resolveSibling("")
                    .register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            service.close();
            throw e;
        }
        FileWatch watch = new FileWatch(service, absolute, quiet, onChange);
        Thread thread = new Thread(watch::run, "settings-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void run() {
        try {
            boolean isThere = true;
            while (isThere) {
                isThere = awaitQuiet();
                byte[] now = content();
                if (now.length > 0 && !Arrays.equals(now, last)) {
                    last = now;
                    onChange.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException closed) {
            // The only way to end a thread that waits for events.
            return;
        }
    }

    /** Waits for an event, and until no other of the file follows; false when the folder is gone. */
    private boolean awaitQuiet() throws InterruptedException {
        WatchKey key = service.take();
        long quietAt = System.nanoTime() + quiet.toNanos();
        boolean isThere = true;
        while (true) {
            if (key != null) {
                quietAt = key.pollEvents().stream().anyMatch(this::isOfFile)
                        ? System.nanoTime() + quiet.toNanos()
                        : quietAt;
                isThere = key.reset();
            }
            long left = quietAt - System.nanoTime();
            if (left <= 0 || !isThere) {
                return isThere;
            }
            key = service.poll(left, TimeUnit.NANOSECONDS);
        }
    }

    /** What others write beside it, as logs, goes on for ever. */
    private boolean isOfFile(WatchEvent<?> event) {
        return event.context() instanceof Path name && name.equals(file.getFileName());
    }

    /** Nothing where it cannot be read: it may be about to be replaced. */
    private byte[] content() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** Ends the watch; a call that has begun goes on. */
    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the watch of " + file + " cannot be ended", e);
        }
    }
}
