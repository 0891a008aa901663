package dev.tandem.harness.experiment.emulated;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The log of plans that were measured. */
public final class RunLog {

    private final LineLog<Run> lines;

    /** @param file need not be there yet */
    public RunLog(Path file) {
        this.lines = new LineLog<>(file, Run.class);
    }

    /** Adds measurements; all of them are in the file, or none. */
    public void add(List<Run> runs) throws IOException {
        lines.add(runs);
    }

    /**
     * All measurements up to now; a last line that was cut off does not count.
     *
     * @throws IllegalArgumentException when another line is none of them
     */
    public List<Run> runs() throws IOException {
        return lines.lines();
    }
}
