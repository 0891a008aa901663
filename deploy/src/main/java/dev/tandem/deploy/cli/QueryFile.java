package dev.tandem.deploy.cli;

import dev.tandem.deploy.load.Query;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A table of queries as CSV, times in nanoseconds since the beginning of the run. */
record QueryFile(Path path) {

    private static final String HEADER = "query,scheduled_ns,issued_ns,completed_ns,latency_ns,outcome";

    /** To be asked before a measurement, which would else be for nothing. */
    void requireWritable() {
        Path folder = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path) || folder == null || !Files.isWritable(folder)) {
            throw CommandException.usage("--queries (" + path + ") must be a file in a folder that can be written to.");
        }
    }

    void write(List<Query> queries) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(path)) {
            writer.write(HEADER + "\n");
            for (Query query : queries) {
                writer.write(row(query));
            }
        }
    }

    private static String row(Query query) {
        return query.number() + "," + query.scheduledNanos() + "," + query.issuedNanos() + "," + query.completedNanos()
                + "," + query.latencyNanos() + "," + query.outcome().name().toLowerCase(Locale.ROOT) + "\n";
    }
}
