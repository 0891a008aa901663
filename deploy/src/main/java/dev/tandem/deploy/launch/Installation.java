package dev.tandem.deploy.launch;

import dev.tandem.config.ClusterFile;
import dev.tandem.config.ClusterHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Puts the program on hosts, once per host however many members it has. This machine runs the program that is there.
 * Thread-safe.
 */
final class Installation {

    private static final Duration DEADLINE = Duration.ofMinutes(3);

    private final ClusterFile file;
    private final Path home;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private @Nullable Distribution distribution;

    Installation(ClusterFile file, Path home) {
        this.file = file;
        this.home = home;
    }

    /** What happened to a host. */
    record Program(String folder, boolean wasCopied) {}

    /** The folder with the program on the host, which is copied there unless it is. */
    Program on(ClusterHost host, HostShell shell) throws HostException {
        if (host.isLocal()) {
            return new Program(home.toString(), false);
        }
        ReentrantLock lock = locks.computeIfAbsent(host.destination(), destination -> new ReentrantLock());
        lock.lock();
        try {
            return install(shell);
        } finally {
            lock.unlock();
        }
    }

    private Program install(HostShell shell) throws HostException {
        Distribution archive = distribution();
        List<String> place = ask(shell, "find_program", List.of(file.install(), archive.id()));
        String known = Answers.value(place, "program");
        if (!known.isEmpty()) {
            return new Program(known, false);
        }
        String part = Answers.value(place, "upload");
        if (part.isEmpty()) {
            throw Answers.failure(place);
        }
        shell.upload(archive.archive(), part);
        List<String> installed =
                ask(shell, "install_program", List.of(file.install(), archive.id(), archive.sha256(), part));
        String folder = Answers.value(installed, "program");
        if (folder.isEmpty()) {
            throw Answers.failure(installed);
        }
        return new Program(folder, true);
    }

    private static List<String> ask(HostShell shell, String function, List<String> arguments) throws HostException {
        return shell.run(HostShell.call(function, arguments), DEADLINE, answer -> {});
    }

    private synchronized Distribution distribution() throws HostException {
        if (distribution == null) {
            try {
                distribution = Distribution.of(file, home);
            } catch (IOException e) {
                throw new HostException(String.valueOf(e.getMessage()), List.of(), e);
            }
        }
        return distribution;
    }
}
