package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A measurement that can be asked for by name and repeated. */
interface Experiment {

    /** By what it is asked for. */
    String name();

    /** What it shows, in a sentence. */
    String purpose();

    /**
     * Runs it; progress goes to the terminal's error stream.
     *
     * @return what was measured, a record to be written as JSON
     * @throws Exception when it could not be run to its end
     */
    Object run(Settings settings, Terminal terminal) throws Exception;

    /**
     * What every experiment is told.
     *
     * @param models names of built-in architectures; empty for the experiment's own choice
     * @param rounds repetitions, of which the medians count
     * @param seconds length of each measurement
     * @param data folder with real models and pictures, for those that need them
     * @param limit most pictures per model
     * @param seed of what is drawn at random
     * @param out folder for tables and charts, for those that write them
     * @param bed test bed that is up and that this process is in the client's place of, for a part of an experiment
     */
    record Settings(
            List<String> models,
            int rounds,
            double seconds,
            Optional<Path> data,
            int limit,
            long seed,
            Optional<Path> out,
            Optional<String> bed) {
        public Settings {
            models = List.copyOf(models);
        }

        /** Nothing written, seed 1. */
        Settings(List<String> models, int rounds, double seconds, Optional<Path> data, int limit) {
            this(models, rounds, seconds, data, limit, 1, Optional.empty());
        }

        /** Not a part of an experiment. */
        Settings(
                List<String> models,
                int rounds,
                double seconds,
                Optional<Path> data,
                int limit,
                long seed,
                Optional<Path> out) {
            this(models, rounds, seconds, data, limit, seed, out, Optional.empty());
        }
    }
}
