package dev.tandem.harness.experiment.survival;

import dev.tandem.harness.experiment.memory.ProcessFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a Java process of this machine holds and would have to give back: what grows of it while nothing else does has leaked.
 *
 * @param process name of it
 * @param threads of the operating system
 * @param files that are open, sockets included
 * @param actors that live: ours, and streams and connections of the transport
 * @param liveKib objects that are reachable, after a collection
 * @param anonymousKib memory that is not backed by a file
 */
public record Holdings(String process, long threads, long files, long actors, long liveKib, long anonymousKib) {

    /**
     * What a living actor is one of: ours, a stream or a connection of the transport. Cells of actors would be one class, but
     * each thread of the transport remembers the last 1024 references that it has read, with the cells of those that have ended.
     */
    private static final Set<String> ACTORS = Set.of(
            "org.apache.pekko.actor.typed.internal.adapter.ActorAdapter",
            "org.apache.pekko.stream.impl.fusing.ActorGraphInterpreter",
            "org.apache.pekko.io.TcpIncomingConnection",
            "org.apache.pekko.io.TcpOutgoingConnection");

    private static final long KIB = 1024;

    /** Threads of pools come and go, and so do connections to nodes that have just come back. */
    private static final long FEW = 12;

    private static final double TENTH = 1.1;

    /** Statistics and buffers of a longer life. */
    private static final long SOME_KIB = 8 * KIB;

    /**
     * Has it collect its garbage and counts.
     *
     * @throws IOException when it has gone, or is not a Java process that tells
     */
    static Holdings of(String name, ProcessHandle process) throws IOException, InterruptedException {
        long actors = 0;
        long liveBytes = 0;
        for (String line : histogram(process.pid())) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 4 && ACTORS.contains(words[3])) {
                actors += Long.parseLong(words[1]);
            } else if (words[0].equals("Total")) {
                liveBytes = Long.parseLong(words[2]);
            }
        }
        if (liveBytes == 0) {
            throw new IOException("process " + process.pid() + " of " + name + " does not tell what it holds");
        }
        return new Holdings(
                name,
                ProcessFiles.threads(process),
                ProcessFiles.openFiles(process),
                actors,
                liveBytes / KIB,
                ProcessFiles.anonymousKib(process));
    }

    /** The objects that are reachable in it, by class. */
    private static List<String> histogram(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process tool = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = tool.inputReader()) {
            List<String> lines = output.lines().toList();
            tool.waitFor();
            return lines;
        }
    }

    /** Whether it holds much more than it did. */
    boolean hasLeakedSince(Holdings before) {
        return threads > before.threads + FEW
                || files > before.files + FEW
                || actors > TENTH * before.actors + FEW
                || liveKib > before.liveKib + SOME_KIB;
    }
}
